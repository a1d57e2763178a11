using Strongroom.Wire;

namespace Strongroom.Client.Connections;

/// <summary>A request that waits for its reply.</summary>
internal abstract class PendingCall
{
    /// <summary>Takes the reply; called on the connection's reading loop.</summary>
    public abstract void Complete(FrameReader reader, in ReplyHead head);

    /// <summary>The connection broke.</summary>
    public abstract void Fail(Exception cause);
}

/// <inheritdoc/>
internal sealed class PendingCall<TReply>(string function) : PendingCall
    where TReply : IWireFields<TReply>
{
    // Continuations must not run on the reading loop: they may call again and wait.
    private readonly TaskCompletionSource<TReply> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TReply> Task => _source.Task;

    public override void Complete(FrameReader reader, in ReplyHead head)
    {
        if (head.Rv == 0)
        {
            _source.TrySetResult(reader.Fields<TReply>());
        }
        else
        {
            _source.TrySetException(new HsmRefusedException(function, head.Rv, reader.Cause()));
        }
    }

    public override void Fail(Exception cause) => _source.TrySetException(cause);
}
