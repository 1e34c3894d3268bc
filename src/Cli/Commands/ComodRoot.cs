using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ComodCluster.Cli.Commands.Backbones;
using ComodCluster.Cli.Commands.Chaos;
using ComodCluster.Cli.Commands.Data;
using ComodCluster.Cli.Commands.Demo;
using ComodCluster.Cli.Commands.Jobs;
using ComodCluster.Cli.Commands.Planning;
using ComodCluster.Cli.Commands.Reproduce;
using ComodCluster.Cli.Commands.Silos;
using ComodCluster.Cli.Commands.Tasks;

namespace ComodCluster.Cli.Commands;

/// <summary><c>comod</c></summary>
internal static class ComodRoot
{
    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("Adapts many small vision tasks on one frozen backbone, by stochastic comodulation.\n\nStart with 'comod demo'.")
        {
            new DemoCommand(terminal),
            new SiloCommand(terminal),
            BackboneCommands.Create(terminal),
            DataCommands.Create(terminal),
            TaskCommands.Create(terminal),
            new PlanCommand(terminal),
            JobCommands.Create(terminal),
            new UpgradeCommand(terminal),
            new ReproduceCommand(terminal),
            new ChaosCommand(terminal),
        };
        ExamplesHelp.Install(root);
        return root;
    }

    /// <summary>Parses and runs a command line.</summary>
    /// <returns>0; 1 where something failed; 2 where the command line is wrong; 130 after Ctrl-C.</returns>
    public static async Task<int> Run(string[] arguments, Terminal terminal)
    {
        var parsed = Create(terminal).Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            var command = string.Join(' ', Ancestors(parsed.CommandResult));
            var cause = parsed.UnmatchedTokens.Count > 0
                ? $"'{parsed.UnmatchedTokens[0]}' is no command or option of '{command}'."
                : parsed.Errors[0].Message;
            return Failures.Tell(terminal, "usage", $"{cause} See '{command} --help'.", Failures.Usage);
        }
        // Time to end the silo and to remove a temporary directory after Ctrl-C.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20), EnableDefaultExceptionHandler = false });
    }

    private static IEnumerable<string> Ancestors(SymbolResult? result)
    {
        var names = new List<string>();
        for (; result is not null; result = result.Parent)
            if (result is CommandResult command)
                names.Insert(0, command.Command is RootCommand ? "comod" : command.Command.Name);
        return names;
    }
}
