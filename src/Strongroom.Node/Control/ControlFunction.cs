using System.Buffers;
using Strongroom.Hsm;
using Strongroom.Node.Life;
using Strongroom.Wire;

namespace Strongroom.Node.Control;

/// <summary>A function of the control channel: reads its fields, takes a step of the HSM's life, writes its reply.</summary>
internal abstract class ControlFunction
{
    /// <summary>Its number.</summary>
    public abstract Function Function { get; }

    /// <summary>Serves the request that the reader was started with.</summary>
    public abstract Task ServeAsync(HsmLife life, FrameReader reader, FrameWriter writer, ulong id, IBufferWriter<byte> output, CancellationToken cancel);

    /// <summary>Makes one.</summary>
    public static ControlFunction Of<TRequest, TReply>(Func<HsmLife, TRequest, CancellationToken, Task<Outcome<TReply>>> handler)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply> => new Typed<TRequest, TReply>(handler);

    private sealed class Typed<TRequest, TReply>(Func<HsmLife, TRequest, CancellationToken, Task<Outcome<TReply>>> handler) : ControlFunction
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        public override Function Function => TRequest.Function;

        public override async Task ServeAsync(HsmLife life, FrameReader reader, FrameWriter writer, ulong id, IBufferWriter<byte> output, CancellationToken cancel)
        {
            var outcome = await handler(life, reader.Fields<TRequest>(), cancel).ConfigureAwait(false);
            if (outcome.IsOk)
            {
                writer.Reply(output, id, 0, 0, outcome.Value);
            }
            else
            {
                writer.Refusal(output, id, (ulong)outcome.Rv, 0, 0, outcome.Cause.ToString());
            }
        }
    }
}
