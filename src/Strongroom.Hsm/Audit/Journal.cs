using Strongroom.Audit;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Audit;

/// <summary>
/// The module's one way to its audit log. Who acts is asked for before the work, since the work may end the login; what came of it is told after. A use of a key has to be in the kernel before its reply leaves, everything else on the disk:
/// what is told here is remembered with the instance, and <see cref="SettleAsync"/> waits for it.
/// </summary>
internal sealed class Journal(AuditLog? log)
{
    /// <summary>Whether there is a log; only tests of the module alone have none.</summary>
    public bool IsKept => log is not null;

    /// <summary>Why no key may be used now; counted. Null if one may.</summary>
    public Cause? Refusal()
    {
        if (log is null || log.Admits)
        {
            return null;
        }

        log.CountRefusal();
        return Causes.AuditFull;
    }

    /// <summary>A key was used, or that was refused.</summary>
    /// <param name="data">What was signed or verified; of other uses nothing is kept.</param>
    public void Use(AuditSubject who, SessionId session, Use use, ulong? mechanism, ObjectHandle key, Rv result, ReadOnlySpan<byte> data = default)
    {
        if (log is null)
        {
            return;
        }

        Span<byte> digest = stackalloc byte[AuditDigest.Size];
        bool isSigned = IsSigned(use);
        if (isSigned)
        {
            AuditLog.DigestOf(data, digest);
        }

        UseWithDigest(who, session, use, mechanism, key, result, isSigned ? digest : default);
    }

    /// <summary>A use in parts: the digest was made on the way.</summary>
    /// <param name="digest">SHA-256, or empty.</param>
    /// <param name="detail">Null, or what else there is to say.</param>
    public void UseWithDigest(AuditSubject who, SessionId session, Use use, ulong? mechanism, ObjectHandle key, Rv result, ReadOnlySpan<byte> digest, string? detail = null) =>
        log?.Append(new AuditEvent
        {
            Operation = OperationOf(use),
            Subject = who,
            Session = session,
            Mechanism = mechanism,
            Key = key,
            Result = result,
            Digest = digest,
            Detail = detail,
        });

    /// <summary>Random bytes, or a seed for them.</summary>
    public void Random(AuditSubject who, AuditOperation operation, Rv result) => log?.Append(new AuditEvent { Operation = operation, Subject = who, Result = result });

    /// <summary>A session came or went, or a login went on by its ticket: in the kernel, as a use is. Some applications open a session for each signature, and after a restart of the HSM all of them come back at once.</summary>
    public void Session(AuditSubject who, AuditOperation operation, SessionId session, Rv result) =>
        log?.Append(new AuditEvent { Operation = operation, Subject = who, Session = session, Result = result });

    /// <summary>Anything else: durable before the instance hears of it.</summary>
    public void Management(Caller caller, in AuditEvent e)
    {
        if (log is not null)
        {
            caller.AuditedUpTo(log.AppendManagement(e));
        }
    }

    /// <summary>Something that the HSM itself did, or that came over its control socket; completes when it is durable.</summary>
    public ValueTask RecordAsync(AuditOperation operation, string? detail) =>
        log is null ? ValueTask.CompletedTask : log.RecordAsync(new AuditEvent { Operation = operation, Subject = AuditSubject.Hsm, Detail = detail });

    /// <summary>Before any reply leaves.</summary>
    /// <param name="caller">Null before an instance was attached.</param>
    public ValueTask SettleAsync(Caller? caller) => log is null ? ValueTask.CompletedTask : log.SettleAsync(caller?.MustBeDurable ?? 0);

    /// <summary>Whether a use's event has the digest of its data.</summary>
    public static bool IsSigned(Use use) => use is Hsm.Use.Sign or Hsm.Use.Verify or Hsm.Use.SignRecover or Hsm.Use.VerifyRecover;

    private static AuditOperation OperationOf(Use use) => use switch
    {
        Hsm.Use.Encrypt => AuditOperation.Encrypt,
        Hsm.Use.Decrypt => AuditOperation.Decrypt,
        Hsm.Use.Sign => AuditOperation.Sign,
        Hsm.Use.Verify => AuditOperation.Verify,
        Hsm.Use.Digest => AuditOperation.Digest,
        Hsm.Use.SignRecover => AuditOperation.SignRecover,
        Hsm.Use.VerifyRecover => AuditOperation.VerifyRecover,
        Hsm.Use.Wrap => AuditOperation.WrapKey,
        Hsm.Use.Unwrap => AuditOperation.UnwrapKey,
        Hsm.Use.Derive => AuditOperation.DeriveKey,
        Hsm.Use.Encapsulate => AuditOperation.EncapsulateKey,
        Hsm.Use.Decapsulate => AuditOperation.DecapsulateKey,
        _ => throw new ArgumentOutOfRangeException(nameof(use), use, "There is no such use of a key."),
    };
}
