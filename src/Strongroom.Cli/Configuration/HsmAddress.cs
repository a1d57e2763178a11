using System.Net;
using System.Net.Sockets;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Configuration;

/// <summary>Where an HSM serves.</summary>
/// <param name="Host">IP address or name</param>
/// <param name="Port">2223 unless configured otherwise</param>
internal sealed record HsmAddress(string Host, int Port)
{
    public const int UsualPort = 2223;

    public IPEndPoint Resolve()
    {
        try
        {
            return IPAddress.TryParse(Host, out var address) ? new IPEndPoint(address, Port) : new IPEndPoint(Dns.GetHostAddresses(Host)[0], Port);
        }
        catch (SocketException e)
        {
            throw new CommandRefusedException($"The HSM's name {Host} does not resolve: {e.Message}", e);
        }
    }
}
