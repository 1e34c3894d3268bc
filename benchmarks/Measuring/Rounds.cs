using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Benchmarks.Measuring;

/// <summary>
/// Samples of all contestants, taken in turns: what slows the machine for a while slows them all, and the ratio within
/// a round stays.
/// </summary>
internal sealed class Rounds
{
    // Worker threads of a contestant that has just ended spin for a moment before they sleep.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(60);

    private readonly Dictionary<string, double[]> _seconds;

    private Rounds(Dictionary<string, double[]> seconds) => _seconds = seconds;

    /// <summary>Seconds of each round.</summary>
    public IReadOnlyList<double> this[string contestant] => _seconds[contestant];

    public IEnumerable<string> Contestants => _seconds.Keys;

    /// <summary>How many times as fast as a peer: the peer's seconds over the contestant's, round by round.</summary>
    public Estimate Speedup(string contestant, string over) =>
        Estimate.Of([.. this[over].Zip(this[contestant], (peer, own) => peer / own)]);

    /// <summary>The same with the sum of what several contestants did.</summary>
    public Estimate Speedup(string contestant, params IReadOnlyList<string> overSum) =>
        Estimate.Of([.. this[contestant].Select((own, round) => overSum.Sum(o => this[o][round]) / own)]);

    /// <summary>
    /// One round to warm up, then as many as the effort asks for; each begins with another contestant.
    /// </summary>
    public static Rounds Run(Effort effort, params IReadOnlyList<Contestant> contestants)
    {
        var seconds = contestants.ToDictionary(c => c.Name, _ => new double[effort.Rounds]);
        for (var round = -1; round < effort.Rounds; round++)
        {
            for (var turn = 0; turn < contestants.Count; turn++)
            {
                var contestant = contestants[(turn + round + 1) % contestants.Count];
                Thread.Sleep(Rest);
                var sample = contestant.Seconds();
                if (round >= 0)
                    seconds[contestant.Name][round] = sample;
            }
            if (round >= 0)
                Console.WriteLine(
                    $"round {round + 1, 2}/{effort.Rounds}  "
                        + $"{string.Join("  ", contestants.Select(c => $"{c.Name} {seconds[c.Name][round]:0.000} s"))}"
                );
        }
        return new Rounds(seconds);
    }
}
