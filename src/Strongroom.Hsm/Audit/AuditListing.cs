using Strongroom.Audit;

namespace Strongroom.Hsm.Audit;

/// <summary>What there is to read of an audit log, and how far the HSM vouches for it.</summary>
/// <param name="Newest">Signed a moment ago; covers everything up to the reading itself.</param>
/// <param name="Certificates">The HSM's identity certificates, PEM; empty if none lie beside the log.</param>
/// <param name="Segments">One page of them, in order.</param>
/// <param name="More">Whether there are further ones.</param>
public sealed record AuditListing(AuditHead Newest, string Certificates, IReadOnlyList<AuditSegment> Segments, bool More);
