namespace Strongroom.Hsm.Objects;

/// <summary>What an attribute's bytes are.</summary>
internal enum ValueKind
{
    /// <summary>CK_BBOOL: one byte, 0 or 1.</summary>
    Boolean,

    /// <summary>CK_ULONG: eight bytes, little-endian.</summary>
    Number,

    /// <summary>Any bytes.</summary>
    Bytes,

    /// <summary>An unsigned integer, most significant byte first; kept without leading zeros.</summary>
    Integer,

    /// <summary>CK_DATE: empty, or eight ASCII digits.</summary>
    Date,

    /// <summary>CK_MECHANISM_TYPE each eight bytes.</summary>
    Mechanisms,

    /// <summary>A nested template.</summary>
    Template,
}
