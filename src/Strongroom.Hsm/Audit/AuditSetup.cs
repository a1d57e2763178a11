namespace Strongroom.Hsm.Audit;

/// <summary>What a module needs to keep its audit log; the heads are kept in its own cluster.</summary>
/// <param name="Options">How.</param>
/// <param name="Signer">The HSM's identity key.</param>
public sealed record AuditSetup(AuditOptions Options, IAuditSigner Signer);
