namespace Strongroom.Cli.Attributes;

/// <summary>How an attribute is written on the command line and in JSON.</summary>
internal enum AttributeForm
{
    /// <summary>true or false</summary>
    Flag,

    /// <summary>UTF-8 text</summary>
    Text,

    /// <summary>0x and hexadecimal digits</summary>
    Bytes,

    /// <summary>a decimal number</summary>
    Number,

    /// <summary>a name of <see cref="KeyClass"/></summary>
    Class,

    /// <summary>a name of <see cref="KeyKind"/></summary>
    KeyType,

    /// <summary>a name of <see cref="Curve"/></summary>
    Curve,

    /// <summary>an EC point: 0x04…, without the OCTET STRING around it that PKCS#11 wants</summary>
    Point,

    /// <summary>YYYYMMDD</summary>
    Date,

    /// <summary>a name of <see cref="MlDsaParameters"/></summary>
    ParameterSet,

    /// <summary>attributes that another key must have</summary>
    Template,
}
