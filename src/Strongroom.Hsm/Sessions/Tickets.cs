using System.Formats.Cbor;
using Strongroom.Store.Sealing;

namespace Strongroom.Hsm.Sessions;

/// <summary>
/// Tickets: a login sealed under the cluster key, so that another HSM, or this one restarted, goes on without the PIN. <c>[1, instance, user id, role, generation, boot id, since boot (ms),
/// wall (Unix ms), password's age at issue (ms)]</c>. Good for one instance, which proves its key at every connection, for ten minutes, and while the user's credentials are the same.
/// </summary>
internal sealed class Tickets(ClusterKeys keys, Clock clock) : IDisposable
{
    /// <summary>How long a ticket is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int Format = 1;
    private const int MaxLength = 512;
    private const string Path = "ticket";

    // Another host's wall clock may be a little behind.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    private readonly Sealer _sealer = new(keys, "ticket");

    public Ticket Issue(InstanceKey instance, Login login)
    {
        Moment now = clock.Now;
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(10);
        writer.WriteInt32(Format);
        writer.WriteByteString(instance.ToArray());
        writer.WriteUInt64(login.User.Value);
        writer.WriteTextString(login.Name);
        writer.WriteInt32((int)login.Role);
        writer.WriteUInt64(login.Generation);
        writer.WriteByteString(now.BootId.ToByteArray());
        writer.WriteInt64((long)now.SinceBoot.TotalMilliseconds);
        writer.WriteInt64(now.Wall.ToUnixTimeMilliseconds());
        writer.WriteInt64((long)now.Since(login.PasswordGiven).TotalMilliseconds);
        writer.WriteEndArray();
        return new Ticket(_sealer.Seal(Path, 0, writer.Encode()), Lifetime);
    }

    /// <summary>Takes a ticket. Whether the user's credentials are still the same is for <see cref="Logins"/> to say.</summary>
    public Outcome<Login> Accept(InstanceKey instance, ReadOnlySpan<byte> ticket)
    {
        if (ticket.Length > MaxLength)
        {
            return Causes.TicketBroken;
        }

        try
        {
            return Read(instance, _sealer.Open(Path, ticket.ToArray()).Content);
        }
        catch (Exception broken) when (broken is FormatException or CborContentException or UnknownEpochException)
        {
            // Whatever is wrong with it, the client must log in again.
            return Causes.TicketBroken;
        }
    }

    public void Dispose() => _sealer.Dispose();

    private Outcome<Login> Read(InstanceKey instance, ReadOnlyMemory<byte> content)
    {
        var reader = new CborReader(content, CborConformanceMode.Canonical);
        reader.ReadStartArray();
        if (reader.ReadInt32() != Format || new InstanceKey(reader.ReadByteString()) != instance)
        {
            return Causes.TicketBroken;
        }

        var user = new UserId(reader.ReadUInt64());
        string name = reader.ReadTextString();
        var role = (Role)reader.ReadInt32();
        ulong generation = reader.ReadUInt64();
        var issued = new Moment(new Guid(reader.ReadByteString()), TimeSpan.FromMilliseconds(reader.ReadInt64()), DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()));
        TimeSpan passwordAge = TimeSpan.FromMilliseconds(reader.ReadInt64());

        Moment now = clock.Now;
        TimeSpan age = now.Since(issued);
        if (age > Lifetime || age < -ClockSkew)
        {
            return Causes.TicketExpired;
        }

        TimeSpan sincePassword = passwordAge + (age > TimeSpan.Zero ? age : TimeSpan.Zero);
        return new Login(user, name, role, generation, new Moment(now.BootId, now.SinceBoot - sincePassword, now.Wall - sincePassword));
    }
}
