using System.Text;
using Strongroom.Hsm;
using Strongroom.Node.Birth;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Trust anchors for clients, and whether clients must show a certificate.</summary>
internal static class Mtls
{
    private static readonly Cause TooLong = new(Rv.ArgumentsBad, $"a trust anchor has at most {Module.MaxTrustAnchorLength} bytes");

    public static async ValueTask<Outcome<RegisterTrustAnchorReply>> RegisterAsync(Exchange exchange, RegisterTrustAnchorRequest request, CancellationToken cancel)
    {
        var anchor = await exchange.Module.RegisterTrustAnchorAsync(exchange.Caller, () => Read(request.Certificates), cancel).ConfigureAwait(false);
        return anchor.IsOk ? new RegisterTrustAnchorReply((ulong)anchor.Value.Reference) : anchor.Cause;
    }

    private static Outcome<string> Read(string certificates)
    {
        if (Encoding.UTF8.GetByteCount(certificates) > Module.MaxTrustAnchorLength)
        {
            return TooLong;
        }

        try
        {
            return string.Concat(Birth.TrustAnchor.Read(certificates).Select(Pem.Certificate));
        }
        catch (BirthException e)
        {
            // What is wrong with a certificate is the caller's to know: it is public.
            return new Cause(Rv.ArgumentsBad, e.Message.Length <= 200 ? e.Message : e.Message[..200]);
        }
    }

    public static async ValueTask<Outcome<DeregisterTrustAnchorReply>> DeregisterAsync(Exchange exchange, DeregisterTrustAnchorRequest request, CancellationToken cancel) =>
        (await exchange.Module.DeregisterTrustAnchorAsync(exchange.Caller, (int)Math.Min(request.Reference, int.MaxValue), cancel).ConfigureAwait(false)).With(new DeregisterTrustAnchorReply());

    public static Outcome<ListTrustAnchorsReply> List(Exchange exchange, ListTrustAnchorsRequest request)
    {
        _ = exchange.Caller;
        return new ListTrustAnchorsReply([.. exchange.Module.TrustAnchors.Select(anchor => new WireTrustAnchor((ulong)anchor.Reference, anchor.Certificates))]);
    }

    public static Outcome<GetMtlsEnforcementReply> GetEnforcement(Exchange exchange, GetMtlsEnforcementRequest request)
    {
        var enforced = exchange.Module.GetMtlsEnforcement(exchange.Caller);
        return enforced.IsOk ? new GetMtlsEnforcementReply(enforced.Value) : enforced.Cause;
    }

    public static async ValueTask<Outcome<SetMtlsEnforcementReply>> SetEnforcementAsync(Exchange exchange, SetMtlsEnforcementRequest request, CancellationToken cancel) =>
        (await exchange.Module.SetMtlsEnforcementAsync(exchange.Caller, request.Enforced, exchange.Peer.ClientAnchor, cancel).ConfigureAwait(false)).With(new SetMtlsEnforcementReply());
}
