using Strongroom.Hsm;
using Strongroom.Node.Birth;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>The HSM's health, statements about keys, and the cluster's certificate.</summary>
internal static class Certificates
{
    private const int LongestCause = 250;

    public static Outcome<GetHealthReply> GetHealth(Exchange exchange, GetHealthRequest request)
    {
        _ = exchange.Caller;
        var (hsm, position, audit) = (exchange.Peer.Hsm, exchange.Module.Position, exchange.Module.AuditTrouble);
        return new GetHealthReply(
            hsm.Cluster,
            hsm.Hsm,
            (ulong)(exchange.Module.GetClusterInfo().Active ? HsmState.Active : HsmState.Initialized),
            Product.Version,
            (ulong)hsm.Uptime().TotalSeconds,
            position.Epoch,
            position.Sequence,
            audit.IsFull,
            audit.IsFailing,
            [.. hsm.Vouching.Lives().Select(one => new WireCertificateLife(one.Life.Name, one.Life.Subject, (ulong)Math.Max(0, one.Life.NotAfter.ToUnixTimeSeconds()), (ulong)one.Warning))]);
    }

    public static ValueTask<Outcome<AttestKeyReply>> AttestAsync(Exchange exchange, AttestKeyRequest request, CancellationToken cancel)
    {
        var vouching = exchange.Peer.Hsm.Vouching;
        var statement = exchange.Module.StateKey(exchange.Caller, new SessionId(request.Session), new ObjectHandle(request.Handle), (request.Nonce ?? default).Span, Product.Version);
        return ValueTask.FromResult(statement.IsOk
            ? new AttestKeyReply(statement.Value, vouching.SignAsHsm(statement.Value), vouching.HsmCertificates, vouching.SignAsCluster(statement.Value), vouching.ClusterCertificate)
            : (Outcome<AttestKeyReply>)statement.Cause);
    }

    public static Outcome<RequestCertificateReply> Request(Exchange exchange, RequestCertificateRequest request) =>
        exchange.Module.MayRenewCertificate(exchange.Caller).With(new RequestCertificateReply(exchange.Peer.Hsm.Vouching.Request));

    public static ValueTask<Outcome<InstallCertificateReply>> InstallAsync(Exchange exchange, InstallCertificateRequest request, CancellationToken cancel) =>
        ValueTask.FromResult(exchange.Module.RenewCertificate(exchange.Caller, () => Renew(exchange.Peer.Hsm.Vouching, request)).With(new InstallCertificateReply()));

    // What is wrong with a certificate has as many forms as certificates have; the sentence is no constant.
    private static Outcome Renew(Vouching vouching, InstallCertificateRequest request)
    {
        try
        {
            vouching.Renew(request.Certificate, request.TrustAnchor);
            return Outcome.Ok;
        }
        catch (BirthException e)
        {
            return new Cause(Rv.ArgumentsBad, e.Message.Length <= LongestCause ? e.Message : e.Message[..LongestCause]);
        }
    }
}
