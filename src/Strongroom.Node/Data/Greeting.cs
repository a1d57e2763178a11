using Strongroom.Crypto;
using Strongroom.Hsm;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Hello, Attach, Echo: how a connection becomes an instance's.</summary>
internal static class Greeting
{
    private const int ChallengeSize = 32;
    private static readonly Cause NoCommonVersion = new(Rv.FunctionNotSupported, "client and HSM have no version of the protocol in common");
    private static readonly Cause BadInstanceKey = new(Rv.ArgumentsBad, "an instance key has 32 bytes");

    public static Outcome<HelloReply> Hello(Exchange exchange, HelloRequest request)
    {
        var peer = exchange.Peer;
        if (peer.Claimed is not null)
        {
            throw new WireFormatException("a second Hello");
        }

        var version = 0UL;
        foreach (var ours in ProtocolLimits.Versions)
        {
            if (ours > version && request.Versions.Contains(ours))
            {
                version = ours;
            }
        }

        if (version == 0)
        {
            peer.Ending = NoCommonVersion.Text;
            return NoCommonVersion;
        }

        if (request.Instance.Length != InstanceKey.Size)
        {
            peer.Ending = BadInstanceKey.Text;
            return BadInstanceKey;
        }

        peer.Claimed = new InstanceKey(request.Instance.Span);
        peer.Challenge = new byte[ChallengeSize];
        RandomSource.Fill(peer.Challenge);
        return new HelloReply(version, peer.Challenge, peer.Hsm.Cluster, peer.Hsm.Hsm, ProtocolLimits.Frame);
    }

    public static Outcome<AttachReply> Attach(Exchange exchange, AttachRequest request)
    {
        var peer = exchange.Peer;
        if (peer.Claimed is not { } instance || peer.Challenge is not { } challenge)
        {
            throw new WireFormatException("Attach without a challenge");
        }

        peer.Challenge = null; // one answer a challenge, right or wrong
        var attached = exchange.Module.Attach(instance, challenge, request.Signature.Span, request.Ticket is { } ticket ? ticket.Span : default, peer.Host);
        if (!attached.IsOk)
        {
            peer.Ending = attached.Cause.Text;
            return attached.Cause;
        }

        peer.Caller = attached.Value.Caller;
        return new AttachReply(attached.Value.LoggedIn, attached.Value.TicketCause?.ToString());
    }

    public static Outcome<EchoReply> Echo(Exchange exchange, EchoRequest request)
    {
        _ = exchange.Caller;
        return new EchoReply(request.Data);
    }
}
