namespace Strongroom.Audit.Records;

/// <summary>The fields of an <see cref="EventRecord"/> on their way into the log, without an allocation.</summary>
public ref struct EventFields
{
    public ulong Sequence { get; set; }

    /// <summary>Microseconds since 1970.</summary>
    public long Time { get; set; }

    public AuditOperation Operation { get; set; }
    public uint Subject { get; set; }
    public uint Result { get; set; }
    public ulong Session { get; set; }

    /// <summary>0: none. Kept as 0xFFFFFFFF if larger than that.</summary>
    public ulong Mechanism { get; set; }

    /// <summary>Whether <see cref="Mechanism"/> counts; CKM_RSA_PKCS_KEY_PAIR_GEN is number 0.</summary>
    public bool HasMechanism { get; set; }

    /// <summary>0: none.</summary>
    public ulong Key { get; set; }

    /// <summary>0: none.</summary>
    public ulong SecondKey { get; set; }

    /// <summary>Empty, or 32 bytes.</summary>
    public ReadOnlySpan<byte> Digest { get; set; }

    /// <summary>The user concerned, where that is not who acts; null: none.</summary>
    public string? TargetUser { get; set; }

    public int TargetRole { get; set; }

    /// <summary>Null or empty: none. Cut if longer than <see cref="RecordLayout.LongestText"/> bytes of UTF-8.</summary>
    public string? Detail { get; set; }
}
