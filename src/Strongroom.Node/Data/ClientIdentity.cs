using Strongroom.Hsm;

namespace Strongroom.Node.Data;

/// <summary>What a client showed in its handshake; a feature of the connection.</summary>
internal sealed class ClientIdentity
{
    /// <summary>The anchor under which its certificate holds; null if it showed none that holds.</summary>
    public TrustAnchor? Anchor { get; set; }
}
