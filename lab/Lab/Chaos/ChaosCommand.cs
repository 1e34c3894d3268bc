using System.CommandLine;
using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Servers;
using ComodCluster.Lab.Chaos.Drills;
using ComodCluster.Lab.Chaos.Soaks;

namespace ComodCluster.Lab.Chaos;

/// <summary><c>chaos</c></summary>
internal sealed class ChaosCommand : ExampledCommand
{
    private const int UsualSoak = 30;

    private readonly Option<int> _seconds = Checks.Between(
        5,
        86_400,
        new Option<int>("--seconds")
        {
            Description = "Time under faults.",
            HelpName = "N",
            DefaultValueFactory = _ => 60,
        }
    );
    private readonly Option<int> _workers = Checks.Between(
        2,
        16,
        new Option<int>("--workers")
        {
            Description = "Worker silos.",
            HelpName = "N",
            DefaultValueFactory = _ => 3,
        }
    );
    private readonly Option<int> _gateways = Checks.Between(
        1,
        8,
        new Option<int>("--gateways")
        {
            Description = "Gateway silos.",
            HelpName = "N",
            DefaultValueFactory = _ => 2,
        }
    );
    private readonly Option<int> _users = Checks.Between(
        1,
        64,
        new Option<int>("--users")
        {
            Description = "Users who register, adapt, predict and activate at the same time.",
            HelpName = "N",
            DefaultValueFactory = _ => 4,
        }
    );
    private readonly Option<int?> _seed = new("--seed")
    {
        Description = "Seed of the faults and the users, to see a run's faults again [random].",
        HelpName = "N",
    };
    private readonly Option<string?> _scenario = new("--scenario")
    {
        Description =
            $"Instead of faults at random, one fault in the middle of adaptations, measured, or one disaster "
            + $"(several by commas, or 'all'): {string.Join(", ", ScenarioChoice.Names)}.",
        HelpName = "NAME",
    };

    private readonly Option<int?> _kills = Checks.Between(
        1,
        100_000,
        new Option<int?>("--kills")
        {
            Description =
                $"Instead of some time, so many kills, in parts of {KillRun.KillsOfAPart} on a cluster each that is "
                + $"checked at the end.",
            HelpName = "N",
        }
    );

    private readonly Option<DirectoryInfo?> _results = new("--results")
    {
        Description = "Where --kills keeps a journal of the parts that are done, from which it goes on.",
        HelpName = "DIR",
    };

    private readonly Option<int?> _soak = Checks.Between(
        1,
        10_000,
        new Option<int?>("--soak")
        {
            Description =
                $"Instead of faults, one silo under load for so many minutes [{UsualSoak}]: whether memory, handles, "
                + "threads, database or blobs grow.",
            HelpName = "MINUTES",
            Arity = ArgumentArity.ZeroOrOne,
        }
    );

    private readonly Option<int> _adaptations = Checks.Between(
        1,
        1000,
        new Option<int>("--adaptations")
        {
            Description = "Tasks that adapt when the fault of --scenario comes.",
            HelpName = "N",
            DefaultValueFactory = _ => 32,
        }
    );
    private readonly Terminal _terminal;

    public ChaosCommand(Terminal terminal)
        : base(
            "chaos",
            "Starts a cluster on a PostgreSQL of its own, kills, stops and hangs its processes under load, and "
                + "checks that nothing acknowledged is lost or doubled, and that what users of a task saw has one order.",
            $"{LabRoot.Name} chaos",
            $"{LabRoot.Name} chaos --seconds 600",
            $"{LabRoot.Name} chaos --seconds 60 --seed 7 -o json",
            $"{LabRoot.Name} chaos --scenario kill-one",
            $"{LabRoot.Name} chaos --scenario catalog-emptied,deadly-job",
            $"{LabRoot.Name} chaos --kills 1000 --seed 7 --results results",
            $"{LabRoot.Name} chaos --soak 30"
        )
    {
        _terminal = terminal;
        Option[] all =
        [
            _seconds,
            _kills,
            _results,
            _soak,
            _scenario,
            _adaptations,
            _workers,
            _gateways,
            _users,
            _seed,
            OutputOption.Instance,
        ];
        foreach (var option in all)
            Options.Add(option);
        SetAction(
            (arguments, cancellation) => Failures.Guard(terminal, () => Run(arguments, cancellation), cancellation)
        );
    }

    private async Task<int> Run(ParseResult arguments, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
            throw new UsageException("chaos sends signals and needs Linux.");
        Option[] kinds = [_seconds, _kills, _soak, _scenario];
        if (kinds.Where(o => arguments.GetResult(o) is { Implicit: false }).ToList() is { Count: > 1 } several)
            throw new UsageException(
                $"{string.Join(" and ", several.Select(o => o.Name))} exclude each other: give one."
            );
        if (arguments.GetValue(_scenario) is { } names)
            return await Measure(ScenarioChoice.Of(names), arguments, cancellation);
        if (arguments.GetResult(_soak) is not null)
            return await Soak(arguments, cancellation);
        if (!LocalPostgres.IsInstalled)
            throw new UsageException("PostgreSQL is not installed: install Debian's package postgresql.");
        return arguments.GetValue(_kills) is { } kills
            ? await Kill(kills, arguments, cancellation)
            : await AtRandom(arguments, cancellation);
    }

    private async Task<int> AtRandom(ParseResult arguments, CancellationToken cancellation)
    {
        var (size, seed, say) = (Size(arguments), Seed(arguments), Notes(arguments));
        say($"Starting PostgreSQL, {size.Workers} workers and {size.Gateways} gateways; seed {seed}.");
        await using var cluster = await ChaosCluster.Start(size.Workers, size.Gateways, apart: false, cancellation);
        var world = await ChaosWorld.Make(cluster.Addresses[0], cancellation);
        var result = await new ChaosRun(cluster, size.Users, seed, say).Run(
            world,
            async (note, stop) =>
            {
                using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
                over.CancelAfter(TimeSpan.FromSeconds(arguments.GetValue(_seconds)));
                await new ChaosMonkey(cluster, new Random(seed), note).Run(over.Token);
                stop.ThrowIfCancellationRequested();
            },
            cancellation
        );
        if (arguments.IsJson())
            _terminal.Json(result);
        else
            result.Write(_terminal);
        return result.Violations.Count == 0 ? 0 : 1;
    }

    private async Task<int> Kill(int kills, ParseResult arguments, CancellationToken cancellation)
    {
        var parts = await new KillRun(
            Size(arguments),
            Seed(arguments),
            arguments.GetValue(_results),
            Notes(arguments)
        ).Run(kills, cancellation);
        if (arguments.IsJson())
            _terminal.Json(parts);
        else
            KillPart.Write(_terminal, parts);
        return parts.All(p => p.Violations == 0) ? 0 : 1;
    }

    private async Task<int> Soak(ParseResult arguments, CancellationToken cancellation)
    {
        var duration = TimeSpan.FromMinutes(arguments.GetValue(_soak) ?? UsualSoak);
        var result = await new SoakRun(arguments.GetValue(_users), duration, Notes(arguments)).Run(cancellation);
        if (arguments.IsJson())
            _terminal.Json(result);
        else
            result.Write(_terminal);
        return 0;
    }

    private async Task<int> Measure(ScenarioChoice choice, ParseResult arguments, CancellationToken cancellation)
    {
        var (say, whole) = (Notes(arguments), true);
        var drills = await DrillRun.Run(choice.Drills, say, cancellation);
        IReadOnlyList<ScenarioResult> faults = [];
        if (choice.Faults.Count > 0)
        {
            var size = Size(arguments);
            var apart = choice.Faults.Any(s => s.Apart);
            await using var cluster = await ChaosCluster.Start(size.Workers, size.Gateways, apart, cancellation);
            var world = await ChaosWorld.Make(cluster.Addresses[0], cancellation);
            faults = await new ScenarioRun(cluster, world, arguments.GetValue(_adaptations), say).Run(
                choice.Faults,
                cancellation
            );
            whole = faults.All(r => r is { Failed: 0, Different: 0 });
            if (!whole)
                _terminal.Note($"The silos' logs are in {cluster.KeepLogs()}.");
        }
        if (arguments.IsJson())
            _terminal.Json(new { faults, drills });
        else
        {
            if (faults.Count > 0)
                ScenarioResult.Write(_terminal, faults);
            DrillResult.Write(_terminal, drills);
        }
        return whole && drills.All(d => d.Violations.Count == 0) ? 0 : 1;
    }

    private ChaosSize Size(ParseResult arguments) =>
        new(arguments.GetValue(_workers), arguments.GetValue(_gateways), arguments.GetValue(_users));

    private int Seed(ParseResult arguments) => arguments.GetValue(_seed) ?? Random.Shared.Next(10_000);

    /// <summary>What is told on the way; nothing beside JSON.</summary>
    private Action<string> Notes(ParseResult arguments) => arguments.IsJson() ? _ => { } : _terminal.Note;
}
