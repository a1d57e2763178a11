using Strongroom.Hsm;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>A function that this HSM serves: reads the request's fields, calls its handler, writes the reply.</summary>
internal abstract class ServedFunction
{
    /// <summary>Its number.</summary>
    public abstract Function Function { get; }

    /// <summary>Whether it commits, hashes or computes for long: then it runs off the reading loop, on a copy of its frame.</summary>
    public virtual bool IsDeferred => false;

    /// <summary>Bytes that the answer to a short request may have; 0 where they are few.</summary>
    /// <param name="request">of this function; the exchange is started anew afterwards</param>
    /// <exception cref="WireFormatException">the fields are not the function's</exception>
    public virtual int ReplyBytes(Exchange request) => 0;

    /// <summary>Serves the request that the exchange was started with.</summary>
    /// <exception cref="WireFormatException">the fields are not the function's</exception>
    public abstract ValueTask ServeAsync(Exchange exchange, CancellationToken stopping);

    /// <summary>Answers at once, on the reading loop.</summary>
    public static ServedFunction Immediate<TRequest, TReply>(Func<Exchange, TRequest, Outcome<TReply>> handler)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply> => new ImmediateFunction<TRequest, TReply>(handler);

    /// <summary>Answers at once if the answer is short, else when there is room for it.</summary>
    public static ServedFunction Roomy<TRequest, TReply>(Func<Exchange, TRequest, Outcome<TReply>> handler, Func<TRequest, int> replyBytes)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply> => new RoomyFunction<TRequest, TReply>(handler, replyBytes);

    /// <summary>Answers later.</summary>
    public static ServedFunction Deferred<TRequest, TReply>(Func<Exchange, TRequest, CancellationToken, ValueTask<Outcome<TReply>>> handler)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply> => new DeferredFunction<TRequest, TReply>(handler);

    private class ImmediateFunction<TRequest, TReply>(Func<Exchange, TRequest, Outcome<TReply>> handler) : ServedFunction
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        public override Function Function => TRequest.Function;

        public override ValueTask ServeAsync(Exchange exchange, CancellationToken stopping)
        {
            exchange.Answer(handler(exchange, exchange.Reader.Fields<TRequest>()));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class RoomyFunction<TRequest, TReply>(Func<Exchange, TRequest, Outcome<TReply>> handler, Func<TRequest, int> replyBytes) : ImmediateFunction<TRequest, TReply>(handler)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        public override int ReplyBytes(Exchange request) => replyBytes(request.Reader.Fields<TRequest>());
    }

    private sealed class DeferredFunction<TRequest, TReply>(Func<Exchange, TRequest, CancellationToken, ValueTask<Outcome<TReply>>> handler) : ServedFunction
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        public override Function Function => TRequest.Function;

        public override bool IsDeferred => true;

        public override async ValueTask ServeAsync(Exchange exchange, CancellationToken stopping) =>
            exchange.Answer(await handler(exchange, exchange.Reader.Fields<TRequest>(), stopping).ConfigureAwait(false));
    }
}
