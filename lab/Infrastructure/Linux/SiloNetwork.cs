using System.Globalization;

namespace ComodCluster.Infrastructure.Linux;

/// <summary>
/// A network of this machine's own: the gateways and the database on a bridge, each worker in a Linux network
/// namespace, so that each can be cut off. Needs root.
/// </summary>
public sealed class SiloNetwork : IAsyncDisposable
{
    private readonly string _prefix = string.Create(
        CultureInfo.InvariantCulture,
        $"cc{Environment.ProcessId % 1_000_000}"
    );
    private readonly string _subnet = string.Create(
        CultureInfo.InvariantCulture,
        $"10.77.{Environment.ProcessId % 256}"
    );
    private readonly List<string> _workers = [];

    private string Bridge => $"{_prefix}b";

    public string DatabaseAddress => $"{_subnet}.1";

    public string GatewayAddress => $"{_subnet}.2";

    /// <summary>All addresses, as PostgreSQL's access file writes them.</summary>
    public string Subnet => $"{_subnet}.0/24";

    public static async Task<SiloNetwork> Start(IReadOnlyList<string> workers)
    {
        var network = new SiloNetwork();
        try
        {
            await Ip("link", "add", network.Bridge, "type", "bridge");
            await Ip("addr", "add", $"{network.DatabaseAddress}/24", "dev", network.Bridge);
            await Ip("addr", "add", $"{network.GatewayAddress}/24", "dev", network.Bridge);
            await Ip("link", "set", network.Bridge, "up");
            foreach (var worker in workers)
                await network.Join(worker);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public string AddressOf(string worker) =>
        string.Create(CultureInfo.InvariantCulture, $"{_subnet}.{11 + _workers.IndexOf(worker)}");

    /// <summary>The words that run a program as a worker.</summary>
    public IReadOnlyList<string> As(string worker) => ["ip", "netns", "exec", NamespaceOf(worker)];

    private string NamespaceOf(string worker) =>
        string.Create(CultureInfo.InvariantCulture, $"{_prefix}n{_workers.IndexOf(worker)}");

    /// <summary>No packet passes between the worker and the addresses, silently, as with a cable pulled out.</summary>
    public Task Cut(string worker, params IEnumerable<string> addresses) =>
        Task.WhenAll(addresses.Select(a => Ip("-n", NamespaceOf(worker), "route", "add", "blackhole", a)));

    public Task Mend(string worker, params IEnumerable<string> addresses) =>
        Task.WhenAll(addresses.Select(a => Ip("-n", NamespaceOf(worker), "route", "del", "blackhole", a)));

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await ShellCommand.Try("ip", "netns", "del", NamespaceOf(worker));
        await ShellCommand.Try("ip", "link", "del", Bridge);
    }

    private async Task Join(string worker)
    {
        _workers.Add(worker);
        var (space, cable) = (
            NamespaceOf(worker),
            string.Create(CultureInfo.InvariantCulture, $"{_prefix}v{_workers.Count}")
        );
        await Ip("netns", "add", space);
        await Ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space);
        await Ip("link", "set", cable, "master", Bridge, "up");
        await Ip("-n", space, "addr", "add", $"{AddressOf(worker)}/24", "dev", "eth0");
        await Ip("-n", space, "link", "set", "lo", "up");
        await Ip("-n", space, "link", "set", "eth0", "up");
    }

    private static Task Ip(params string[] arguments) => ShellCommand.Run(["ip", .. arguments]);
}
