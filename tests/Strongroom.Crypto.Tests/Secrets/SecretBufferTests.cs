namespace Strongroom.Crypto.Tests.Secrets;

// Counts what is in use in the whole process: nothing else may run beside it.
[CollectionDefinition(nameof(SecretBufferTests), DisableParallelization = true)]
[Collection(nameof(SecretBufferTests))]
public sealed class SecretBufferTests
{
    [Fact]
    public void A_block_that_comes_back_is_zeroed_before_it_is_handed_out_again()
    {
        for (var round = 0; round < 100; round++)
        {
            using var first = SecretBuffer.Allocate(100);
            Assert.Equal(new byte[100], first.Span.ToArray());
            first.Span.Fill(0xA5);
        }
    }

    [Fact]
    public void A_disposed_buffer_can_not_be_read()
    {
        var buffer = SecretBuffer.Allocate(8);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }

    [Fact]
    public void A_request_that_does_not_fit_is_refused_by_name() =>
        Assert.Throws<SecretArenaFullException>(() => SecretBuffer.Allocate(SecretArena.Size + 1));

    [Fact]
    public void Blocks_of_many_threads_never_overlap_and_all_come_back()
    {
        var before = SecretArena.Used;
        Parallel.For(0, 8, worker =>
        {
            var state = (uint)worker + 1;   // xorshift32: a reproducible sequence
            int Next(int low, int high)
            {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                return low + (int)(state % (uint)(high - low));
            }

            var held = new List<(SecretBuffer Buffer, byte Mark)>();
            for (var step = 0; step < 20_000; step++)
            {
                if (held.Count < 40 && Next(0, 2) == 0)
                {
                    var buffer = SecretBuffer.Allocate(Next(0, 5000));
                    var mark = (byte)Next(1, 256);
                    Assert.True(buffer.Span.IndexOfAnyExcept((byte)0) < 0);
                    buffer.Span.Fill(mark);
                    held.Add((buffer, mark));
                }
                else if (held.Count > 0)
                {
                    var at = Next(0, held.Count);
                    Assert.True(held[at].Buffer.Span.IndexOfAnyExcept(held[at].Mark) < 0);
                    held[at].Buffer.Dispose();
                    held.RemoveAt(at);
                }
            }

            held.ForEach(entry => entry.Buffer.Dispose());
        });
        Assert.Equal(before, SecretArena.Used);

        // Everything has become one block again.
        using var whole = SecretBuffer.Allocate(SecretArena.Size / 2);
        Assert.True(whole.Span.IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void The_arena_is_locked_and_left_out_of_core_dumps()
    {
        SecretArena.Initialize();
        var locked = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmLck:", StringComparison.Ordinal));
        Assert.True(int.Parse(locked.Split(':')[1].Replace("kB", "", StringComparison.Ordinal)) >= SecretArena.Size / 1024, locked);
        var maps = File.ReadAllText("/proc/self/smaps");
        Assert.Matches(@"VmFlags:(?=[^\n]* lo\b)(?=[^\n]* dd\b)(?=[^\n]* dc\b)", maps);
    }
}
