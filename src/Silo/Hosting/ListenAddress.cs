using System.Net;
using System.Net.Sockets;

namespace ComodCluster.Silo.Hosting;

/// <summary>Where HTTP is served: an address of this machine only. Port 0 takes a free one.</summary>
public sealed record ListenAddress(IPAddress Address, int Port)
{
    /// <exception cref="StartupException">Not an http URL, or not a loopback address.</exception>
    public static ListenAddress Of(SiloOptions options)
    {
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.AbsolutePath != "/")
            throw new StartupException($"'{options.Url}' is no address for the silo; write http://127.0.0.1:PORT.");
        var address = url.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(url.Host.Trim('[', ']'), out var parsed) ? parsed : null;
        if (address is null || !IPAddress.IsLoopback(address))
            throw new StartupException($"{options.Url} can be reached from other machines, which needs keys that this version does not have; use http://127.0.0.1:{url.Port}.");
        var port = options.Port ?? url.Port;
        return port is >= 0 and <= 65535
            ? new ListenAddress(address, port)
            : throw new StartupException($"{port} is no port; take 0 (a free port) to 65535.");
    }

    /// <summary>Finds out early, before anything slow has started.</summary>
    /// <exception cref="StartupException">Another process listens there.</exception>
    public void EnsureFree()
    {
        if (Port == 0) return;
        try
        {
            Listen(Address, Port).Dispose();
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new StartupException($"Port {Port} is in use by another process; take another one with --port N, or 0 for a free one.", inner: failure);
        }
        catch (SocketException failure)
        {
            throw new StartupException($"Port {Port} cannot be opened ({failure.Message}); take another one with --port N, or 0 for a free one.", inner: failure);
        }
    }

    /// <summary>A socket that listens until it is disposed; its port is free again then.</summary>
    /// <exception cref="SocketException">The port is taken, or the address is not this machine's.</exception>
    internal static Socket Listen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, !OperatingSystem.IsWindows());
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
