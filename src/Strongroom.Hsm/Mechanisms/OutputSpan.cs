using System.Buffers;

namespace Strongroom.Hsm.Mechanisms;

// The writer's next bytes, exactly as many as asked.
internal static class OutputSpan
{
    public static Span<byte> Take(this IBufferWriter<byte> output, int length) => length == 0 ? default : output.GetSpan(length)[..length];
}
