using Strongroom.Hsm;

namespace Strongroom.Node.Data;

/// <summary>Who is at the two ends of a connection: this HSM, and an instance once it has proved its key.</summary>
internal sealed class Peer(ServingHsm hsm, string address, string host)
{
    /// <summary>The HSM's module.</summary>
    public Module Module => hsm.Module;

    /// <summary>This HSM.</summary>
    public ServingHsm Hsm => hsm;

    /// <summary>What the listener counts.</summary>
    public ListenerCounters Counters => hsm.Counters;

    /// <summary>Where the connection comes from, for the log.</summary>
    public string Address => address;

    /// <summary>The same without the port, for the audit log.</summary>
    public string Host => host;

    /// <summary>The trust anchor under which the client's certificate holds; null if it showed none that holds.</summary>
    public TrustAnchor? ClientAnchor { get; set; }

    /// <summary>The key that the instance says it has; set by Hello.</summary>
    public InstanceKey? Claimed { get; set; }

    /// <summary>The challenge that waits for its answer; null before Hello and once it has been used.</summary>
    public byte[]? Challenge { get; set; }

    /// <summary>The instance, once it has proved its key. Written by the reading loop before any later request is read.</summary>
    public Caller? Caller { get; set; }

    /// <summary>Set by a handler to end the connection after its reply.</summary>
    public string? Ending { get; set; }
}
