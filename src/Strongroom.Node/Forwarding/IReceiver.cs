using Strongroom.Audit.Following;

namespace Strongroom.Node.Forwarding;

/// <summary>Another machine that takes events.</summary>
internal interface IReceiver : IAsyncDisposable
{
    /// <summary>Hands over some events and heads, in order; completes when the receiver has them, or the network, where a protocol knows no acknowledgement.</summary>
    /// <exception cref="IOException">It did not take them. They will be sent again.</exception>
    Task SendAsync(IReadOnlyList<FollowedItem> items, CancellationToken cancel);
}
