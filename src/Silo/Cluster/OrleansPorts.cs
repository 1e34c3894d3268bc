using System.Net;
using System.Net.Sockets;
using ComodCluster.Silo.Configuration;

namespace ComodCluster.Silo.Cluster;

/// <summary>
/// Ports of the Orleans silo: configured, or free ones, so that silos on other directories do not collide.
/// </summary>
public sealed record OrleansPorts(int Silo, int Gateway)
{
    /// <exception cref="StartupException">Another process listens on a configured one, or the address is not this
    /// machine's.</exception>
    public static OrleansPorts Of(SiloOptions options)
    {
        var address = options.Database is null ? IPAddress.Loopback : IPAddress.Parse(options.Cluster.Address);
        // Both stay taken until both are known: they cannot come out the same.
        using var silo = Listen(address, options.SiloPort, nameof(options.SiloPort));
        using var gateway = Listen(address, options.GatewayPort, nameof(options.GatewayPort));
        return new OrleansPorts(((IPEndPoint)silo.LocalEndPoint!).Port, ((IPEndPoint)gateway.LocalEndPoint!).Port);
    }

    private static Socket Listen(IPAddress address, int port, string setting)
    {
        try
        {
            return ListenAddress.Listen(address, port);
        }
        catch (SocketException failure)
        {
            throw new StartupException(
                failure.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse =>
                        $"Port {port} of Comod:{setting} is in use by another process; set another one, or 0 for a "
                            + $"free one.",
                    SocketError.AddressNotAvailable =>
                        $"{address} is no address of this machine; set Comod:Cluster:Address to the one under which "
                            + $"the other silos reach it.",
                    _ => $"Port {port} of Comod:{setting} cannot be opened on {address} ({failure.Message}); set "
                        + $"another one, or 0 for a free one.",
                },
                inner: failure
            );
        }
    }
}
