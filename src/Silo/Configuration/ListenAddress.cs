using System.Net;
using System.Net.Sockets;

namespace ComodCluster.Silo.Configuration;

/// <summary>Where HTTP is served: an address of this machine only. Port 0 takes a free one.</summary>
public sealed record ListenAddress(IPAddress Address, int Port)
{
    /// <param name="options">That their validator finds nothing wrong with.</param>
    public static ListenAddress Of(SiloOptions options)
    {
        var url = new Uri(options.Url);
        return new ListenAddress(Loopback(url)!, options.Port ?? url.Port);
    }

    /// <summary>What to do about an address that cannot be served; null: it can.</summary>
    public static string? Fault(string url) =>
        !Uri.TryCreate(url, UriKind.Absolute, out var address)
        || address.Scheme != Uri.UriSchemeHttp
        || address.AbsolutePath != "/"
            ? "take http://127.0.0.1:PORT"
        : Loopback(address) is null
            ? $"it can be reached from other machines, which needs keys that this version does not have: use "
                + $"http://127.0.0.1:{address.Port}"
        : null;

    /// <summary>Finds out early, before anything slow has started.</summary>
    /// <exception cref="StartupException">Another process listens there.</exception>
    public void EnsureFree()
    {
        if (Port == 0)
            return;
        try
        {
            Listen(Address, Port).Dispose();
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new StartupException(
                $"Port {Port} is in use by another process; take another one with --port N, or 0 for a free one.",
                inner: failure
            );
        }
        catch (SocketException failure)
        {
            throw new StartupException(
                $"Port {Port} cannot be opened ({failure.Message}); take another one with --port N, or 0 for a free "
                    + $"one.",
                inner: failure
            );
        }
    }

    private static IPAddress? Loopback(Uri url) =>
        url.Host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address) ? address
        : null;

    /// <summary>A socket that listens until it is disposed; its port is free again then.</summary>
    /// <exception cref="SocketException">The port is taken, or the address is not this machine's.</exception>
    internal static Socket Listen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(
                SocketOptionLevel.Socket,
                SocketOptionName.ReuseAddress,
                !OperatingSystem.IsWindows()
            );
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
