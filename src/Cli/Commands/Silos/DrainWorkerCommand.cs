using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Silos;

internal sealed class DrainWorkerCommand : ClientCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Argument<string> _name = new("name")
    {
        Description = "Name of the worker; see 'comod silo list'.",
        HelpName = "NAME",
    };
    private readonly Option<bool> _detach = new("--detach", "-d")
    {
        Description = "Returns at once, while its jobs still move.",
    };

    public DrainWorkerCommand(Terminal terminal)
        : base(
            terminal,
            "drain",
            "Empties a worker of its jobs before it is stopped: they store a checkpoint and go on elsewhere; "
                + "predictions are answered meanwhile.",
            "comod silo drain worker-1",
            "comod silo drain worker-1 --detach"
        )
    {
        RefusedOption.Renamed(this, "--no-wait", _detach);
        Arguments.Add(_name);
        Options.Add(_detach);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var worker = await client.Workers.Drain(arguments.GetRequiredValue(_name), cancellation);
        while (!arguments.GetValue(_detach) && worker.RunningJobs + worker.WaitingJobs > 0)
        {
            Terminal.Line($"{worker.Name}: {worker.RunningJobs + worker.WaitingJobs} jobs left.");
            await Task.Delay(Pause, cancellation);
            if ((await client.Workers.List(cancellation)).FirstOrDefault(w => w.Name == worker.Name) is not { } now)
                break;
            worker = now;
        }
        Terminal.Line($"{worker.Name}: {(arguments.GetValue(_detach) ? "drains" : "drained; it can be stopped")}.");
        return 0;
    }
}
