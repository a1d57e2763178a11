using System.Buffers.Binary;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Objects;

/// <summary>
/// One object, as it is held in memory and as it is stored: immutable, so that a reader on another thread sees either the old or the new one. A change makes a new one of a higher version.
/// </summary>
internal sealed record HsmObject
{
    public required ObjectHandle Handle { get; init; }

    public required ObjectClass Class { get; init; }

    /// <summary>Keys have one, other objects none.</summary>
    public required KeyType? KeyType { get; init; }

    public required ObjectFlags Flags { get; init; }

    /// <summary>The crypto-user that made it.</summary>
    public required UserId Owner { get; init; }

    /// <summary>Users who may use it without owning it.</summary>
    public UserId[] SharedWith { get; init; } = [];

    /// <summary>Approvals that managing it takes (wrap, unwrap, share, unshare, set attributes); 0: none.</summary>
    public int ManageQuorum { get; init; }

    /// <summary>Approvals that using it takes; 0: none.</summary>
    public int UseQuorum { get; init; }

    /// <summary>Attributes that are neither booleans nor secret.</summary>
    public required AttributeBlob Attributes { get; init; }

    /// <summary>The secret components, sealed; null where there are none.</summary>
    public byte[]? Sealed { get; init; }

    /// <summary>The sequence of the commit that wrote it; 0 for a session object.</summary>
    public ulong Version { get; init; }

    /// <summary>Which request made it, so that a retry finds it.</summary>
    public CreationId Creation { get; init; }

    /// <summary>0, or 1 for the private half of a pair that one request made.</summary>
    public int CreationPart { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The session that made a session object; it goes when that session closes.</summary>
    public SessionId Session { get; init; }

    public bool IsKey => KeyType is not null;

    /// <summary>
    /// Whether anyone sees it, logged in or not. A secret or private key is its owner's whatever CKA_PRIVATE says: the standard's "public object" knows one user, a cluster has many, and hosts
    /// such as pkcs11-tool name CKA_PRIVATE false for secret keys without meaning everyone.
    /// </summary>
    public bool IsForEveryone => !Has(ObjectFlags.Private) && Class is not (ObjectClass.PrivateKey or ObjectClass.SecretKey);

    /// <summary>Whether something with it takes approvals. What would make them moot (a copy, its value in the clear) is then refused.</summary>
    public bool TakesApprovals => ManageQuorum > 0 || UseQuorum > 0;

    public bool Has(ObjectFlags flag) => (Flags & flag) != 0;

    public ulong? Number(AttributeType type) =>
        Attributes.TryGet(type, out ReadOnlyMemory<byte> value) && value.Length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(value.Span) : null;

    /// <summary>Whether this mechanism may be used with the key (CKA_ALLOWED_MECHANISMS; absent: every one).</summary>
    public bool Allows(ulong mechanism)
    {
        if (!Attributes.TryGet(AttributeType.AllowedMechanisms, out ReadOnlyMemory<byte> list))
        {
            return true;
        }

        for (ReadOnlySpan<byte> rest = list.Span; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(rest) == mechanism)
            {
                return true;
            }
        }

        return false;
    }
}
