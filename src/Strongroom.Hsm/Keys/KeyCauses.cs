namespace Strongroom.Hsm.Keys;

/// <summary>Every refusal that comes from a key's own shape.</summary>
public static class KeyCauses
{
    public static readonly Cause NoSuchComponent = new(Rv.AttributeTypeInvalid, "a key of this kind has no such component");
    public static readonly Cause NotWrappable = new(Rv.KeyNotWrappable, "only secret and private keys can be wrapped");
    public static readonly Cause ComponentMissing = new(Rv.TemplateIncomplete, "the template lacks a component of the key");
    public static readonly Cause ComponentInvalid = new(Rv.AttributeValueInvalid, "a component of the key has a value that no such key can have");
    public static readonly Cause Inconsistent = new(Rv.AttributeValueInvalid, "the components of the key do not belong together");
    public static readonly Cause LengthInvalid = new(Rv.KeySizeRange, "a key of this type can not have this length");
    public static readonly Cause CurveUnknown = new(Rv.CurveNotSupported, "the curve is not one of those that this HSM has, named by its object identifier");
    public static readonly Cause ParameterSetUnknown = new(Rv.ParameterSetNotSupported, "the parameter set is not one of those that this HSM has");
    public static readonly Cause CurveNotApproved = new(Rv.CurveNotSupported, "the curve is not approved, and the cluster is in FIPS mode");
    public static readonly Cause TypeUnknown = new(Rv.AttributeValueInvalid, "this HSM has no keys of this class and type");
    public static readonly Cause WrappedInvalid = new(Rv.WrappedKeyInvalid, "the wrapped key can not be unwrapped into a key of the template's class and type");
    public static readonly Cause ArenaFull = new(Rv.DeviceMemory, "the HSM's memory for keys is full");
}
