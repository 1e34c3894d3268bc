using System.CommandLine;
using System.Diagnostics;
using ComodCluster.Cli.Silos;

namespace ComodCluster.Cli.Commands.Silos;

/// <summary><c>comod silo</c></summary>
internal sealed class SiloCommand : ExampledCommand
{
    private readonly Option<string> _url = new("--url")
    {
        Description = "Where it listens; port 0 takes a free one.",
        HelpName = "URL",
        DefaultValueFactory = _ => "http://127.0.0.1:5080",
    };

    public SiloCommand(Terminal terminal) : base("silo",
        "Runs a silo in the foreground until Ctrl-C: other commands on the same data directory use it.",
        "comod silo", "comod silo --data-dir ./data --url http://127.0.0.1:6000", "comod silo --device cuda:0")
    {
        Option[] options = [_url, ConnectionOptions.DataDirectory, ConnectionOptions.Device, ConnectionOptions.Threads];
        foreach (var option in options) Options.Add(option);
        Subcommands.Add(new ListWorkersCommand(terminal));
        Subcommands.Add(new DrainWorkerCommand(terminal));
        SetAction((arguments, cancellation) => Failures.Guard(terminal, () => Run(ConnectionOptions.Settings(arguments) with
        {
            Url = arguments.GetRequiredValue(_url),
        }, cancellation), CancellationToken.None));
    }

    /// <returns>The silo's own exit code: it writes to this process's output.</returns>
    private static async Task<int> Run(SiloSettings settings, CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = SiloProcess.Invocation(settings) };
        process.Start();
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Termination.Ask(process);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        return process.ExitCode;
    }
}
