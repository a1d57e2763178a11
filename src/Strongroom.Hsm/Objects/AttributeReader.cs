using Strongroom.Audit;
using Strongroom.Crypto;
using Strongroom.Hsm.Audit;
using Strongroom.Hsm.Policy;

namespace Strongroom.Hsm.Objects;

/// <summary>C_GetAttributeValue: each attribute by itself, so that one that can't be read loses none of the others.</summary>
internal sealed class AttributeReader(KeyRing ring, Journal journal)
{
    /// <summary>What an admin may read of others' objects: enough to know which one to trust.</summary>
    private static readonly AttributeType[] Naming =
    [
        AttributeType.Class, AttributeType.KeyType, AttributeType.Label, AttributeType.Id, AttributeType.Token, AttributeType.Private, AttributeType.Trusted, AttributeType.CheckValue, AttributeType.UniqueId,
    ];

    public Outcome<AttributeReading[]> Read(Caller caller, ObjectHandle handle, ReadOnlySpan<AttributeType> types)
    {
        Outcome<(HsmObject Object, Standing Standing)> seen = ring.See(handle, caller);
        if (!seen.IsOk)
        {
            return seen.Cause;
        }

        var readings = new AttributeReading[types.Length];
        for (int i = 0; i < types.Length; i++)
        {
            readings[i] = seen.Value.Standing == Standing.Admin && !Naming.Contains(types[i])
                ? Refuse(types[i], Rv.AttributeSensitive)
                : ReadOne(caller, seen.Value.Object, types[i]);
        }

        return readings;
    }

    /// <summary>Bytes that an object takes, counted as it is stored.</summary>
    public Outcome<ulong> SizeOf(Caller caller, ObjectHandle handle)
    {
        Outcome<(HsmObject Object, Standing Standing)> seen = ring.See(handle, caller);
        return seen.IsOk ? (ulong)ObjectRecord.Write(seen.Value.Object).Length : seen.Cause;
    }

    private AttributeReading ReadOne(Caller caller, HsmObject item, AttributeType type)
    {
        if (ObjectRules.Of(item.Class, item.KeyType) is not { } rules || !rules.TryGetValue(type, out AttributeRule? rule))
        {
            return Refuse(type, Rv.AttributeTypeInvalid);
        }

        if (rule.Secret)
        {
            return ReadSecret(caller, item, type);
        }

        if (type == AttributeType.PublicKeyInfo && item.KeyType is not null)
        {
            Outcome<ReadOnlyMemory<byte>> info = ring.PublicHalf(item, caller, type);
            return info.IsOk ? new AttributeReading(type, Rv.Ok, info.Value, null) : Refuse(type, info.Rv);
        }

        if (!OpenAttributes.TryRead(item, type, out ReadOnlyMemory<byte> value))
        {
            return Refuse(type, Rv.AttributeTypeInvalid);
        }

        return AttributeKinds.Find(type)!.Kind == ValueKind.Template
            ? new AttributeReading(type, Rv.Ok, null, OpenAttributes.Members(value.Span))
            : new AttributeReading(type, Rv.Ok, value, null);
    }

    private AttributeReading ReadSecret(Caller caller, HsmObject item, AttributeType type)
    {
        Outcome<KeyLease> lease = ring.Reveal(item, caller);
        if (!lease.IsOk)
        {
            return Refuse(type, Rv.AttributeSensitive);
        }

        using KeyLease key = lease.Value;
        using var output = new ClearedWriter();
        Outcome read = key.Material.Read(type, output);
        journal.Management(caller, new AuditEvent { Operation = AuditOperation.ReadSecretValue, Subject = caller.Subject, Key = item.Handle, Result = read.Rv });
        if (!read.IsOk)
        {
            return Refuse(type, read.Rv);
        }

        byte[] value = GC.AllocateUninitializedArray<byte>(output.Written.Length, pinned: true);
        output.Written.CopyTo(value);
        return new AttributeReading(type, Rv.Ok, value, null) { IsSecret = true };
    }

    private static AttributeReading Refuse(AttributeType type, Rv rv) => new(type, rv, null, null);
}
