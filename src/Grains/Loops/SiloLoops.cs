using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace ComodCluster.Grains.Loops;

/// <summary>The loops of this silo, and when each last did its work: <c>comod_loop_since_round_seconds</c>.</summary>
public sealed class SiloLoops
{
    public const string MeterName = "ComodCluster.Loops";

    private readonly ConcurrentDictionary<string, SiloLoop> _loops = new(StringComparer.Ordinal);

    public SiloLoops(IMeterFactory meters) =>
        meters
            .Create(MeterName)
            .CreateObservableGauge(
                "comod.loop.since.round",
                () =>
                    _loops.Values.Select(loop => new Measurement<double>(
                        loop.SinceRound.TotalSeconds,
                        new KeyValuePair<string, object?>("loop", loop.Name)
                    )),
                "s",
                "Time since a background loop last did its work, by loop."
            );

    /// <summary>Why the silo should not count as ready: loops that have done no work for longer than they
    /// may.</summary>
    public IEnumerable<string> Silent =>
        _loops
            .Values.Where(loop => loop.SinceRound > loop.Patience)
            .OrderBy(loop => loop.Name, StringComparer.Ordinal)
            .Select(loop =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the loop '{loop.Name}' has done no work for {loop.SinceRound.TotalSeconds:0} s "
                        + $"({loop.Failure?.TrimEnd('.') ?? "its round does not end"})"
                )
            );

    internal void Add(SiloLoop loop) => _loops[loop.Name] = loop;

    internal void Remove(SiloLoop loop) => _loops.TryRemove(KeyValuePair.Create(loop.Name, loop));
}
