using System.Net;
using System.Net.Sockets;

namespace ComodCluster.Silo.Hosting;

/// <summary>Loopback ports of the Orleans silo: configured, or free ones, so that silos on other directories do not collide.</summary>
public sealed record OrleansPorts(int Silo, int Gateway)
{
    public static OrleansPorts Of(SiloOptions options)
    {
        // Both stay taken until both are known: they cannot come out the same.
        using var silo = new TcpListener(IPAddress.Loopback, 0);
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        silo.Start();
        gateway.Start();
        return new OrleansPorts(
            options.SiloPort != 0 ? options.SiloPort : ((IPEndPoint)silo.LocalEndpoint).Port,
            options.GatewayPort != 0 ? options.GatewayPort : ((IPEndPoint)gateway.LocalEndpoint).Port);
    }
}
