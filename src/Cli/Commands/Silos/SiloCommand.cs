using System.CommandLine;
using ComodCluster.Api.Workers;
using ComodCluster.Cli.Silos;

namespace ComodCluster.Cli.Commands.Silos;

/// <summary><c>comod silo</c></summary>
internal sealed class SiloCommand : ExampledCommand
{
    private readonly Option<string> _address = new("--address")
    {
        Description = "URL of the silo, where it listens; port 0 takes a free one.",
        HelpName = "URL",
        DefaultValueFactory = _ => "http://127.0.0.1:5080",
    };

    private readonly Option<long?> _acceptLostWrites = new("--accept-lost-writes")
    {
        Description = "Starts although the catalog has lost writes: the number that the refusal names.",
        HelpName = "N",
    };

    private readonly Option<string?> _releaseBlobs = new("--release-blobs")
    {
        Description = "Lets go of blobs that were held back: the word that the log event 1005 names.",
        HelpName = "WORD",
    };

    public SiloCommand(Terminal terminal)
        : base(
            "silo",
            "Runs a silo in the foreground until Ctrl-C: other commands on the same data directory use it.",
            "comod silo",
            "comod silo --data-dir ./data --address http://127.0.0.1:6000",
            "comod silo --device cuda:0"
        )
    {
        RefusedOption.Renamed(this, "--url", _address);
        Option[] options =
        [
            _address,
            ConnectionOptions.DataDirectory,
            ConnectionOptions.Device,
            ConnectionOptions.Threads,
            _acceptLostWrites,
            _releaseBlobs,
        ];
        foreach (var option in options)
            Options.Add(option);
        Subcommands.Add(List(terminal));
        Subcommands.Add(new DrainWorkerCommand(terminal));
        Subcommands.Add(new UndrainWorkerCommand(terminal));
        SetAction(
            (arguments, cancellation) =>
                Failures.Guard(
                    terminal,
                    () =>
                        SiloProcess.Attached(
                            ConnectionOptions.Settings(arguments) with
                            {
                                Url = arguments.GetRequiredValue(_address),
                                More = [.. Words(arguments)],
                            },
                            [],
                            cancellation
                        ),
                    CancellationToken.None
                )
        );
    }

    private IEnumerable<string> Words(ParseResult arguments)
    {
        if (arguments.GetValue(_acceptLostWrites) is { } accepted)
            yield return $"--accept-lost-writes={accepted}";
        if (arguments.GetValue(_releaseBlobs) is { } released)
            yield return $"--release-blobs={released}";
    }

    private static ListCommand<WorkerReport> List(Terminal terminal) =>
        new(
            terminal,
            "silo",
            "Lists the workers of the cluster and what they do.",
            "No worker is alive.",
            (client, cancellation) => client.Workers.List(cancellation),
            ("name", worker => worker.Name),
            ("device", worker => worker.Device),
            ("state", worker => worker.Draining ? "draining" : "open"),
            ("tasks", worker => $"{worker.Tasks}"),
            ("running", worker => $"{worker.RunningJobs}"),
            ("waiting", worker => $"{worker.WaitingJobs}"),
            ("backlog", worker => $"{worker.BacklogSeconds:0} s"),
            ("ended", worker => $"{worker.EndedJobs}"),
            ("silo", worker => worker.Silo)
        );
}
