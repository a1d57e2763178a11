using Strongroom.Client;
using Strongroom.Client.Connections;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>The .NET client's connection when it ends under calls that are on their way out.</summary>
public sealed class ConnectionTests
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Calls_that_are_being_written_when_the_connection_is_closed_end_as_unreachable()
    {
        var stream = new StuckStream();
        var connection = new Connection(stream, "peer");
        var written = Task.Run(() => connection.CallAsync<EchoRequest, EchoReply>(new(new byte[8]), Within, TestContext.Current.CancellationToken));
        await stream.Writing.Task.WaitAsync(Within, TestContext.Current.CancellationToken);
        var queued = Task.Run(() => connection.CallAsync<EchoRequest, EchoReply>(new(new byte[8]), Within, TestContext.Current.CancellationToken));
        await connection.DisposeAsync();
        stream.LetGo.SetResult();
        await Assert.ThrowsAsync<HsmUnreachableException>(() => written);
        await Assert.ThrowsAsync<HsmUnreachableException>(() => queued);
    }

    /// <summary>Nothing comes in, and a write ends only when it is let go.</summary>
    private sealed class StuckStream : Stream
    {
        public TaskCompletionSource Writing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writing.TrySetResult();
            await LetGo.Task;
            throw new IOException("the connection is gone");
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
