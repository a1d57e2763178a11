namespace Strongroom.Hsm.Objects;

/// <summary>What holds for one attribute of one kind of object: a row of <see cref="ObjectRules"/>.</summary>
/// <param name="Type">The attribute.</param>
/// <param name="Create">In the template of C_CreateObject.</param>
/// <param name="Generate">In that of C_GenerateKey or C_GenerateKeyPair.</param>
/// <param name="Unwrap">In that of C_UnwrapKey and C_DeriveKey.</param>
/// <param name="Later">How it may change.</param>
/// <param name="Default">A boolean's value when it is not given.</param>
/// <param name="Secret">Never readable while the key is sensitive or not extractable, and never stored with the other attributes.</param>
internal sealed record AttributeRule(AttributeType Type, Given Create, Given Generate, Given Unwrap, Mutability Later, bool Default = false, bool Secret = false)
{
    public Given For(Origin origin) => origin switch
    {
        Origin.Create => Create,
        Origin.Generate => Generate,
        _ => Unwrap,
    };
}
