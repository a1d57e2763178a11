namespace Strongroom.Cli.Attributes;

internal sealed partial record KeyAttribute
{
    /// <summary>All of them, in the order in which CloudHSM prints them.</summary>
    public static IReadOnlyList<KeyAttribute> All { get; } =
    [
        new("key-type", Cka.KeyType, AttributeForm.KeyType),
        new("label", Cka.Label, AttributeForm.Text),
        new("id", Cka.Id, AttributeForm.Bytes),
        new("check-value", Cka.CheckValue, AttributeForm.Bytes),
        new("class", Cka.Class, AttributeForm.Class),
        new("encrypt", Cka.Encrypt, AttributeForm.Flag),
        new("decrypt", Cka.Decrypt, AttributeForm.Flag),
        new("token", Cka.Token, AttributeForm.Flag),
        new("always-sensitive", Cka.AlwaysSensitive, AttributeForm.Flag),
        new("derive", Cka.Derive, AttributeForm.Flag),
        new("destroyable", Cka.Destroyable, AttributeForm.Flag),
        new("extractable", Cka.Extractable, AttributeForm.Flag),
        new("local", Cka.Local, AttributeForm.Flag),
        new("modifiable", Cka.Modifiable, AttributeForm.Flag),
        new("never-extractable", Cka.NeverExtractable, AttributeForm.Flag),
        new("private", Cka.Private, AttributeForm.Flag),
        new("mldsa-algorithm", Cka.ParameterSet, AttributeForm.ParameterSet, MayBeAbsent: true),
        new("sensitive", Cka.Sensitive, AttributeForm.Flag),
        new("sign", Cka.Sign, AttributeForm.Flag),
        new("trusted", Cka.Trusted, AttributeForm.Flag),
        new("unwrap", Cka.Unwrap, AttributeForm.Flag),
        new("verify", Cka.Verify, AttributeForm.Flag),
        new("wrap", Cka.Wrap, AttributeForm.Flag),
        new("wrap-with-trusted", Cka.WrapWithTrusted, AttributeForm.Flag),
        new("key-length-bytes", Cka.ValueLen, AttributeForm.Number),
        new("public-exponent", Cka.PublicExponent, AttributeForm.Bytes),
        new("modulus", Cka.Modulus, AttributeForm.Bytes),
        new("modulus-size-bits", Cka.ModulusBits, AttributeForm.Number),
        new("ec-point", Cka.EcPoint, AttributeForm.Point),
        new("curve", Cka.EcParams, AttributeForm.Curve),

        // Printed only where they say something.
        new("wrap-template", Cka.WrapTemplate, AttributeForm.Template, MayBeAbsent: true),
        new("unwrap-template", Cka.UnwrapTemplate, AttributeForm.Template, MayBeAbsent: true),
        new("start-date", Cka.StartDate, AttributeForm.Date, MayBeAbsent: true),
        new("end-date", Cka.EndDate, AttributeForm.Date, MayBeAbsent: true),
    ];
}
