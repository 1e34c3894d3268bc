using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ComodCluster.Cli.Commands;
using ComodCluster.Client;
using ComodCluster.Infrastructure.Servers;

namespace ComodCluster.Lab.Chaos;

/// <summary><c>chaos</c></summary>
internal sealed class ChaosCommand : ExampledCommand
{
    private static readonly TimeSpan Healing = TimeSpan.FromMinutes(3);

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
            $"Instead of faults at random, one fault (several by commas, or 'all') in the middle of adaptations, "
            + $"measured: {string.Join(", ", Scenarios.All.Select(s => s.Name))}.",
        HelpName = "NAME",
    };

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
                + "checks that nothing acknowledged is lost or doubled.",
            $"{LabRoot.Name} chaos",
            $"{LabRoot.Name} chaos --seconds 600",
            $"{LabRoot.Name} chaos --seconds 60 --seed 7 -o json",
            $"{LabRoot.Name} chaos --scenario kill-one"
        )
    {
        _terminal = terminal;
        Option[] all = [_seconds, _workers, _gateways, _users, _seed, _scenario, _adaptations, OutputOption.Instance];
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
        if (!LocalPostgres.IsInstalled)
            throw new UsageException("PostgreSQL is not installed: install Debian's package postgresql.");
        var (seconds, users, seed) = (
            arguments.GetValue(_seconds),
            arguments.GetValue(_users),
            arguments.GetValue(_seed) ?? Random.Shared.Next(10_000)
        );
        var json = arguments.IsJson();
        Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Starting PostgreSQL, {arguments.GetValue(_workers)} workers and {arguments.GetValue(_gateways)} "
                    + $"gateways; seed {seed}."
            )
        );
        var scenarios = Chosen(arguments.GetValue(_scenario));
        await using var cluster = await ChaosCluster.Start(
            arguments.GetValue(_workers),
            arguments.GetValue(_gateways),
            apart: scenarios.Any(s => s.Apart),
            cancellation
        );
        var world = await ChaosWorld.Make(cluster.Addresses[0], cancellation);

        if (scenarios.Count > 0)
            return await Measure(cluster, world, scenarios, arguments, Say, cancellation);

        var (ledger, outages, faults, clock) = (new Ledger(), new Outages(), new List<Fault>(), Stopwatch.StartNew());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(TimeSpan.FromSeconds(seconds));
        var monkey = new ChaosMonkey(
            cluster,
            new Random(seed),
            () => clock.Elapsed.TotalSeconds,
            fault =>
            {
                faults.Add(fault);
                Say(string.Create(CultureInfo.InvariantCulture, $"{fault.At, 6:0.0} s  {fault.What}"));
            }
        );
        await Task.WhenAll([
            monkey.Run(over.Token),
            .. Enumerable
                .Range(0, users)
                .Select(i =>
                    new ChaosUser(i, () => cluster.Addresses, world, ledger, outages, seed + 1 + i).Run(over.Token)
                ),
        ]);
        cancellation.ThrowIfCancellationRequested();

        Say("Healing the cluster; its jobs end.");
        var healing = Stopwatch.StartNew();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Healing);
        try
        {
            await cluster.Heal(patience.Token);
            using var client = ComodClient.Connect(
                cluster.Addresses[0],
                new() { Retries = 30, LongestWait = TimeSpan.FromSeconds(1) }
            );
            await new ChaosCheck(client, world, ledger).Run(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            ledger.Violation($"the cluster was not whole, or jobs had not ended, after {Healing.TotalSeconds:0} s");
        }
        var result = new ChaosResult(
            seed,
            seconds,
            faults.Count,
            ledger.Tasks.Count,
            ledger.Tasks.Sum(t => t.Jobs.Count),
            outages.Longest.TotalSeconds,
            healing.Elapsed.TotalSeconds,
            ledger.Counts.ToDictionary(c => c.Key, c => new ChaosCount(c.Value.Done, c.Value.Refused)),
            faults,
            [.. ledger.Violations]
        )
        {
            Logs = ledger.Violations.IsEmpty ? null : cluster.KeepLogs(),
        };
        if (json)
            _terminal.Json(result);
        else
            result.Write(_terminal);
        return result.Violations.Count == 0 ? 0 : 1;

        void Say(string line)
        {
            if (!json)
                _terminal.Note(line);
        }
    }

    private async Task<int> Measure(
        ChaosCluster cluster,
        ChaosWorld world,
        IReadOnlyList<Scenario> scenarios,
        ParseResult arguments,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        var results = await new ScenarioRun(cluster, world, arguments.GetValue(_adaptations), say).Run(
            scenarios,
            cancellation
        );
        if (arguments.IsJson())
            _terminal.Json(results);
        else
            Listing.Write(
                _terminal,
                results,
                "",
                ("fault", r => r.What),
                ("all tasks answer", r => $"{r.AnswerSeconds:0.0} s"),
                ("answered / asked again", r => $"{r.Answered} / {r.Refused}"),
                ("jobs ended", r => $"{r.JobSeconds:0.0} s"),
                ("resumed", r => $"{r.Resumes}"),
                ("steps lost", r => $"{r.LostSteps}"),
                ("failed", r => $"{r.Failed}"),
                ("other bits", r => $"{r.Different}")
            );
        if (results.All(r => r is { Failed: 0, Different: 0 }))
            return 0;
        _terminal.Note($"The silos' logs are in {cluster.KeepLogs()}.");
        return 1;
    }

    private static IReadOnlyList<Scenario> Chosen(string? name)
    {
        if (name is null)
            return [];
        var chosen = name == "all" ? Scenarios.All : [.. Scenarios.All.Where(s => name.Split(',').Contains(s.Name))];
        if (chosen.Count == 0)
            throw new UsageException(
                $"'{name}' is no scenario: choose all or some of {string.Join(",", Scenarios.All.Select(s => s.Name))}."
            );
        if (Environment.UserName == "root" || !chosen.Any(s => s.Apart))
            return chosen;
        if (name != "all")
            throw new UsageException(
                $"'{name}' cuts a network or fills a disk and needs root: run it as root, or in a machine of its own."
            );
        return [.. chosen.Where(s => !s.Apart)];
    }
}
