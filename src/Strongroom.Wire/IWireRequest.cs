namespace Strongroom.Wire;

/// <summary>A request: names its function and the reply that answers it, so that one generic call serves every function.</summary>
/// <typeparam name="TSelf">the request</typeparam>
/// <typeparam name="TReply">its reply</typeparam>
public interface IWireRequest<TSelf, TReply> : IWireFields<TSelf>
    where TSelf : IWireRequest<TSelf, TReply>
    where TReply : IWireFields<TReply>
{
    /// <summary>The function's number.</summary>
    static abstract Function Function { get; }
}
