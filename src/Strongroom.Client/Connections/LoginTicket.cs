using System.Diagnostics;

namespace Strongroom.Client.Connections;

/// <summary>A login that goes on without the password, on any HSM of the cluster.</summary>
internal sealed class LoginTicket(byte[] bytes, TimeSpan lifetime)
{
    private readonly long _received = Stopwatch.GetTimestamp();

    public byte[] Bytes { get; } = bytes;

    /// <summary>Past half of its life: time for the next one.</summary>
    public bool IsAging => Stopwatch.GetElapsedTime(_received) > lifetime / 2;
}
