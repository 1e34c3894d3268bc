using System.Collections.Concurrent;
using System.Net.Sockets;

namespace ComodCluster.Grains.Workers;

/// <summary>
/// Tells a silo whose process died from one that lives and was declared dead: it hung, or was cut off from the others.
/// </summary>
internal sealed class SiloProcesses(IClusterMembershipService membership, IMembershipTable table, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // A silo that has left does not come back: one look is enough for all the jobs that it had.
    private readonly ConcurrentDictionary<SiloAddress, Task<bool>> _gone = new();

    /// <summary>
    /// Whether something shows that the process lives: it is a member, or it still listens where it was. A machine that
    /// does not answer shows nothing.
    /// </summary>
    public Task<bool> Lives(string silo)
    {
        var (address, members) = (SiloAddress.FromParsableString(silo), membership.CurrentSnapshot.Members);
        if (!members.TryGetValue(address, out var member))
            return Task.FromResult(false);
        if (member.Status != SiloStatus.Dead)
            return Task.FromResult(true);
        // Who listens there now may be its successor.
        return members.Values.Any(m => m.SiloAddress.Endpoint.Equals(address.Endpoint) && m.Status != SiloStatus.Dead)
            ? Task.FromResult(false)
            : _gone.GetOrAdd(address, Listens);
    }

    /// <summary>
    /// Whether silos whose names none of these have came or went after a time. They say it by their own clocks, which may
    /// differ: nothing that must be right may hang on the answer.
    /// </summary>
    public async Task<bool> OthersFell(IReadOnlyList<string> silos, DateTimeOffset since)
    {
        var now = await table.ReadAllAsync(CancellationToken.None).ConfigureAwait(false);
        return OthersFell([.. now.Members.Select(m => m.Item1)], silos, since.UtcDateTime);
    }

    internal static bool OthersFell(IReadOnlyList<MembershipEntry> entries, IReadOnlyList<string> silos, DateTime since)
    {
        var addresses = silos.Select(SiloAddress.FromParsableString).ToHashSet();
        var names = entries.Where(e => addresses.Contains(e.SiloAddress)).Select(e => e.SiloName).ToHashSet();
        return entries.Any(e =>
            !names.Contains(e.SiloName)
            && (e.StartTime >= since || e.Status == SiloStatus.Dead && e.IAmAliveTime >= since)
        );
    }

    private async Task<bool> Listens(SiloAddress address)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var socket = new Socket(address.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address.Endpoint, patience.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
