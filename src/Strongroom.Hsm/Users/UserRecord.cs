using System.Formats.Cbor;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Users;

/// <summary>
/// One user as stored: <c>[3, id, name, role, password hash, generation, failures, locked, not before (Unix ms), last login (Unix ms), token key, approves, multi-factor, boot id, not before since boot (ms)]</c> under
/// <c>users/role/name</c>. Immutable: a change makes a new one. Format 1 ends with the last login, format 2 with multi-factor.
/// </summary>
internal sealed record UserRecord(UserId Id, string Name, Role Role, ReadOnlyMemory<byte> PasswordHash, ulong Generation)
{
    public const string Prefix = "users/";

    private const int Format = 3;
    private const int Fields = 15;
    private const int FormatWithoutBoot = 2;
    private const int FieldsWithoutBoot = 13;
    private const int FormatWithoutKey = 1;
    private const int FieldsWithoutKey = 10;

    /// <summary>Wrong passwords since the last right one.</summary>
    public int Failures { get; init; }

    /// <summary>Until an admin changes the password.</summary>
    public bool Locked { get; init; }

    /// <summary>The last unlocked admin is delayed instead of locked: until then no password is tried. Null if there is no delay.</summary>
    public Moment? NotBefore { get; init; }

    public DateTimeOffset LastLogin { get; init; }

    /// <summary>The public key for approvals and multi-factor logins (CloudHSM: one for both), SubjectPublicKeyInfo; empty: none.</summary>
    public ReadOnlyMemory<byte> TokenKey { get; init; }

    /// <summary>Whether the key is registered for approvals.</summary>
    public bool Approves { get; init; }

    /// <summary>Whether a login takes a signature by the key beside the password.</summary>
    public bool MultiFactor { get; init; }

    public string Path => PathOf(Role, Name);

    public static string PathOf(Role role, string name) => $"{Prefix}{RoleNames.Of(role)}/{name}";

    public byte[] Write()
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(Fields);
        writer.WriteInt32(Format);
        writer.WriteUInt64(Id.Value);
        writer.WriteTextString(Name);
        writer.WriteInt32((int)Role);
        writer.WriteByteString(PasswordHash.Span);
        writer.WriteUInt64(Generation);
        writer.WriteInt32(Failures);
        writer.WriteBoolean(Locked);
        writer.WriteInt64(NotBefore?.Wall.ToUnixTimeMilliseconds() ?? 0);
        writer.WriteInt64(LastLogin.ToUnixTimeMilliseconds());
        writer.WriteByteString(TokenKey.Span);
        writer.WriteBoolean(Approves);
        writer.WriteBoolean(MultiFactor);
        writer.WriteByteString((NotBefore?.BootId ?? Guid.Empty).ToByteArray());
        writer.WriteInt64((long)(NotBefore?.SinceBoot.TotalMilliseconds ?? 0));
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="FormatException">The record is not one of these.</exception>
    public static UserRecord Read(string path, ReadOnlyMemory<byte> content)
    {
        try
        {
            var reader = new CborReader(content, CborConformanceMode.Canonical);
            int? fields = reader.ReadStartArray();
            int format = reader.ReadInt32();
            bool hasBoot = (format, fields) == (Format, Fields);
            bool hasKey = hasBoot || (format, fields) == (FormatWithoutBoot, FieldsWithoutBoot);
            if (!hasKey && (format, fields) != (FormatWithoutKey, FieldsWithoutKey))
            {
                throw new FormatException($"{path} is no user of a format that this version knows.");
            }

            var user = new UserRecord(new UserId(reader.ReadUInt64()), reader.ReadTextString(), (Role)reader.ReadInt32(), reader.ReadByteString(), reader.ReadUInt64())
            {
                Failures = reader.ReadInt32(),
                Locked = reader.ReadBoolean(),
                NotBefore = ReadWall(reader.ReadInt64()),
                LastLogin = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()),
                TokenKey = hasKey ? reader.ReadByteString() : ReadOnlyMemory<byte>.Empty,
                Approves = hasKey && reader.ReadBoolean(),
                MultiFactor = hasKey && reader.ReadBoolean(),
            };
            if (hasBoot)
            {
                var boot = new Guid(reader.ReadByteString());
                var sinceBoot = TimeSpan.FromMilliseconds(reader.ReadInt64());
                user = user with { NotBefore = user.NotBefore is { } until ? until with { BootId = boot, SinceBoot = sinceBoot } : null };
            }

            return user.Path == path ? user : throw new FormatException($"{path} holds another user.");
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new FormatException($"{path} can't be read as a user: {broken.Message}", broken);
        }
    }

    // Of no boot: judged by the wall clock.
    private static Moment? ReadWall(long milliseconds) => milliseconds == 0 ? null : new Moment(Guid.Empty, TimeSpan.Zero, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
