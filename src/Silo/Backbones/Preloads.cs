using System.Collections.Concurrent;
using ComodCluster.Grains.Backbones;
using ComodCluster.Grains.Loops;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Naming;
using ComodCluster.Silo.Problems;
using ComodCluster.Silo.Telemetry;

namespace ComodCluster.Silo.Backbones;

/// <summary>
/// Loads the backbones that the configuration names before the worker counts as ready, and tries those again that are
/// missing or damaged.
/// </summary>
public sealed partial class Preloads(
    SiloOptions options,
    NamedGrains named,
    BackboneResidency residency,
    SiloLoops loops,
    TimeProvider time,
    ILogger<Preloads> logger
) : SiloLoop("preloads", RetryEvery, loops, time, logger)
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, string> _missing = new(
        options.PreloadNames.Select(name => KeyValuePair.Create(name, "it is being loaded")),
        StringComparer.Ordinal
    );

    /// <summary>What is not loaded yet, and why.</summary>
    public IEnumerable<string> Missing =>
        _missing
            .OrderBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => $"the backbone '{m.Key}' of Comod:Preload is not loaded ({m.Value})");

    protected override async Task Round(CancellationToken cancellation)
    {
        foreach (var name in _missing.Keys)
            await Load(name, cancellation);
        if (_missing.IsEmpty)
            End();
    }

    private async Task Load(string name, CancellationToken cancellation)
    {
        try
        {
            var backbone = await (await named.Backbone(Caller.Silo.Tenant, name, cancellation)).Get(cancellation);
            if (backbone.Digest is not { } digest)
            {
                _missing[name] = "it has no weights yet";
                return;
            }
            await residency.Ensure(Caller.Silo.Tenant, digest, cancellation);
            _missing.TryRemove(name, out _);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            var reason = (ExceptionRefusal.Of(failure)?.Detail ?? "the silo's log says why").TrimEnd('.');
            if (_missing[name] != reason)
                LogFailed(name, RetryEvery, failure);
            _missing[name] = reason;
        }
    }

    [LoggerMessage(
        SiloEvents.PreloadFailed,
        LogLevel.Error,
        "The backbone {Name} of Comod:Preload is not loaded; trying again every {Delay}."
    )]
    private partial void LogFailed(string name, TimeSpan delay, Exception failure);
}
