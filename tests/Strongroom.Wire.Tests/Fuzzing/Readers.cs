using System.Buffers;

namespace Strongroom.Wire.Fuzzing;

/// <summary>
/// Reads bytes as every message there is, and judges how that went. An input is [function, kind, …]: of kind 0 a request's frame, of 1 a reply's, of more a stream of frames that arrives in pieces of so many bytes.
/// </summary>
public static class Readers
{
    // What reading may allocate: a struct of a list takes far more than the byte that stands for it; an exception with its stack takes some KiB.
    private const long AllocatedPerByte = 256;
    private const long AllocatedAnyway = 16384;

    private static readonly Dictionary<int, Action<ReadOnlyMemory<byte>>> Known = Find();

    /// <summary>Judges an input.</summary>
    /// <returns>null if it was read or refused as it should be, else what went wrong</returns>
    public static string? Judge(byte[] input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Length < 2)
        {
            return null;
        }

        // What is too much is measured again: the first time the runtime makes things of its own.
        var bound = (AllocatedPerByte * input.Length) + AllocatedAnyway;
        var complaint = Read(input, out var allocated);
        if (complaint is null && allocated > bound)
        {
            complaint = Read(input, out allocated);
        }

        return complaint ?? (allocated <= bound ? null : $"{allocated} bytes were allocated for {input.Length}, at most {bound}");
    }

    /// <summary>Reads a request; what was accepted has one encoding, so that it must be the one that was read.</summary>
    public static void Request<TRequest, TReply>(ReadOnlyMemory<byte> frame)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        var reader = new FrameReader();
        var head = reader.Request(frame);
        var request = reader.Fields<TRequest>();
        if (head.Function == TRequest.Function)
        {
            var output = new ArrayBufferWriter<byte>(frame.Length + Frames.PrefixSize);
            new FrameWriter().Request<TRequest, TReply>(output, head.Id, head.Epoch, head.Sequence, request);
            Same(frame, output);
        }
    }

    /// <summary>Reads a reply, or the cause of a refusal.</summary>
    public static void Reply<TReply>(ReadOnlyMemory<byte> frame)
        where TReply : IWireFields<TReply>
    {
        var reader = new FrameReader();
        var head = reader.Reply(frame);
        var output = new ArrayBufferWriter<byte>(frame.Length + Frames.PrefixSize);
        if (head.Rv != 0)
        {
            new FrameWriter().Refusal(output, head.Id, head.Rv, head.Epoch, head.Sequence, reader.Cause());
        }
        else
        {
            new FrameWriter().Reply(output, head.Id, head.Epoch, head.Sequence, reader.Fields<TReply>());
        }

        Same(frame, output);
    }

    /// <summary>A request's function.</summary>
    public static int Number<TRequest, TReply>()
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply> => (int)TRequest.Function;

    private static string? Read(byte[] input, out long allocated)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var rest = input.AsMemory(2);
            if (input[1] > 1)
            {
                Stream(rest, input[1] - 1);
            }
            else if (Known.TryGetValue(Key(input[0], input[1] == 1), out var read))
            {
                read(rest);
            }

            return null;
        }
        catch (WireFormatException)
        {
            return null;
        }
        catch (Exception e)
        {
            return e.ToString();
        }
        finally
        {
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static void Same(ReadOnlyMemory<byte> frame, ArrayBufferWriter<byte> output)
    {
        if (!frame.Span.SequenceEqual(output.WrittenSpan[Frames.PrefixSize..]))
        {
            throw new InvalidDataException($"read {Convert.ToHexString(frame.Span)}, which is written {Convert.ToHexString(output.WrittenSpan)}");
        }
    }

    private static void Stream(ReadOnlyMemory<byte> bytes, int piece)
    {
        var received = Pieces.Of(bytes, piece);
        var reader = new FrameReader();
        _ = Frames.Announced(received);
        while (Frames.TryTake(ref received, out var frame))
        {
            reader.Request(frame.IsSingleSegment ? frame.First : frame.ToArray());
        }
    }

    private static int Key(int function, bool isReply) => (function << 1) | (isReply ? 1 : 0);

    private static Dictionary<int, Action<ReadOnlyMemory<byte>>> Find()
    {
        var known = new Dictionary<int, Action<ReadOnlyMemory<byte>>>();
        foreach (var type in typeof(FrameReader).Assembly.GetTypes())
        {
            if (type.GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IWireRequest<,>)) is not { } shape)
            {
                continue;
            }

            var reply = shape.GetGenericArguments()[1];
            var number = (int)typeof(Readers).GetMethod(nameof(Number))!.MakeGenericMethod(type, reply).Invoke(null, null)!;
            known[Key(number, false)] = typeof(Readers).GetMethod(nameof(Request))!.MakeGenericMethod(type, reply).CreateDelegate<Action<ReadOnlyMemory<byte>>>();
            known[Key(number, true)] = typeof(Readers).GetMethod(nameof(Reply))!.MakeGenericMethod(reply).CreateDelegate<Action<ReadOnlyMemory<byte>>>();
        }

        return known;
    }

    private sealed class Pieces : ReadOnlySequenceSegment<byte>
    {
        private Pieces(ReadOnlyMemory<byte> memory, Pieces? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }

        public static ReadOnlySequence<byte> Of(ReadOnlyMemory<byte> bytes, int piece)
        {
            var first = new Pieces(bytes[..Math.Min(piece, bytes.Length)], null);
            var last = first;
            for (var at = piece; at < bytes.Length; at += piece)
            {
                last = new Pieces(bytes[at..Math.Min(at + piece, bytes.Length)], last);
            }

            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
