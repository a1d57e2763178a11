using System.Text.Json;
using Strongroom.Node.State;

namespace Strongroom.Node.Forwarding;

/// <summary>How far a receiver has the log: a file in the state directory, so that a restart goes on there. Its loss only means that events are sent again.</summary>
internal sealed record ForwardPosition(uint Segment, ulong Sequence)
{
    public static ForwardPosition Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ForwardPosition>(File.ReadAllBytes(path)) ?? new(0, 0);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return new(0, 0);
        }
    }

    /// <exception cref="StateException">The disk does not take it.</exception>
    public void Write(string path) => DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this));
}
