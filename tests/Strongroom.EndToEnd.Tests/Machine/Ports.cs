using System.Net;
using System.Net.Sockets;

namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>TCP ports for servers that want to be told one.</summary>
internal static class Ports
{
    // Above those from which the kernel takes the client's end of a connection (ip(7), ip_local_port_range), so that none is taken between the choice and the server's start.
    private const int First = 61_000;
    private const int Count = 4_000;

    // Test processes that run beside each other begin at places of their own.
    private static int _taken = Environment.ProcessId * 61;

    /// <summary>A port of 127.0.0.1 that nobody listens on, and that no other test was given.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _taken) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
            }
        }
    }
}
