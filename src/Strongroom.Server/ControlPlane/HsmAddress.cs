using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Strongroom.Server.ControlPlane;

/// <summary>The loopback address that an HSM on this machine has for itself: its EniIp.</summary>
internal static class HsmAddress
{
    public const int Port = 2223;
    public const int MetricsPort = 9223;
    private const int Tries = 64;

    /// <summary>An address in 127.16.0.0 to 127.250.255.255 that is not in <paramref name="taken"/> and whose two ports are free now.</summary>
    public static IPAddress Choose(IReadOnlySet<string> taken)
    {
        for (var i = 0; i < Tries; i++)
        {
            var address = new IPAddress([127, (byte)RandomNumberGenerator.GetInt32(16, 251), (byte)RandomNumberGenerator.GetInt32(256), (byte)RandomNumberGenerator.GetInt32(1, 255)]);
            if (!taken.Contains(address.ToString()) && IsFree(address, Port) && IsFree(address, MetricsPort))
            {
                return address;
            }
        }

        throw new RefusalException($"No loopback address has its ports {Port} and {MetricsPort} free: {Tries} were tried in 127.16.0.0 to 127.250.255.255.", $"Look for a program that listens on 0.0.0.0:{Port}: ss -ltnp");
    }

    private static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
