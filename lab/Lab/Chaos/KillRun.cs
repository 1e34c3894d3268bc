using System.Globalization;
using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Journals;

namespace ComodCluster.Lab.Chaos;

/// <summary>
/// Many kills in parts, each on a cluster of its own that is checked at the end. Parts that are in the journal are not
/// run again, so that the parts of several evenings add up.
/// </summary>
/// <param name="folder">Of the journal; null: none is kept.</param>
internal sealed class KillRun(ChaosSize size, int seed, DirectoryInfo? folder, Action<string> say)
{
    public const int KillsOfAPart = 20;

    /// <summary>Until all parts are done, or one finds what must not be.</summary>
    /// <returns>The results of all parts, by number.</returns>
    public async Task<IReadOnlyList<KillPart>> Run(int kills, CancellationToken cancellation)
    {
        folder?.Create();
        using var journal = OpenJournal();
        var parts = new List<KillPart>();
        for (var number = 1; number <= (kills + KillsOfAPart - 1) / KillsOfAPart; number++)
        {
            var cell = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, part {number}");
            if (journal?.Find(new(cell, 1, _ => [])) is { } done)
            {
                parts.Add(KillPart.Of(number, done));
                continue;
            }
            say($"Part {number}: PostgreSQL, {size.Workers} workers, {size.Gateways} gateways.");
            var result = await Part(Math.Min(KillsOfAPart, kills - parts.Sum(p => p.Kills)), number, cancellation);
            parts.Add(KillPart.Of(number, result));
            journal?.Append(parts[^1].ToEntry(cell, seed));
            foreach (var violation in result.Violations)
                say($"VIOLATION: {violation}.");
            if (result.Violations.Count > 0)
            {
                say($"The silos' logs are in {result.Logs}.");
                break;
            }
        }
        return parts;
    }

    private async Task<ChaosResult> Part(int kills, int number, CancellationToken cancellation)
    {
        var random = new Random(unchecked(seed * 1000 + number));
        await using var cluster = await ChaosCluster.Start(size.Workers, size.Gateways, apart: false, cancellation);
        var world = await ChaosWorld.Make(cluster.Addresses[0], cancellation);
        return await new ChaosRun(cluster, size.Users, random.Next(10_000), say).Run(
            world,
            (note, stop) => new Killer(cluster, random, kills, note).Run(stop),
            cancellation
        );
    }

    /// <exception cref="UsageException">It is of another run.</exception>
    private JournalFolder? OpenJournal()
    {
        try
        {
            return folder is null ? null : JournalFolder.Open(folder.FullName, Head(), shard: null);
        }
        catch (InvalidDataException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private JournalHead Head() =>
        new(
            "chaos-kills",
            "2",
            [
                new("workers", $"{size.Workers}", Constant.Chosen),
                new("gateways", $"{size.Gateways}", Constant.Chosen),
                new("users", $"{size.Users}", Constant.Chosen),
                new("kills of a part", $"{KillsOfAPart}", Constant.Chosen),
            ],
            Environment.MachineName
        );
}
