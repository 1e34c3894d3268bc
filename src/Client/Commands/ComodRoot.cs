using System.CommandLine;
using ComodCluster.Client.Commands.Demo;

namespace ComodCluster.Client.Commands;

/// <summary><c>comod</c></summary>
internal static class ComodRoot
{
    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("Adapts many small vision tasks on one frozen backbone, by stochastic comodulation.\n\nStart with 'comod demo'.")
        {
            new DemoCommand(terminal),
        };
        ExamplesHelp.Install(root);
        return root;
    }

    /// <summary>Parses and runs a command line.</summary>
    /// <returns>0; 1 where something failed; 2 where the command line is wrong; 130 after Ctrl-C.</returns>
    public static async Task<int> Run(string[] arguments, Terminal terminal)
    {
        var parsed = Create(terminal).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            var command = string.Join(' ', Ancestors(parsed.CommandResult));
            return Failures.Tell(terminal, "usage", $"{parsed.Errors[0].Message} See '{command} --help'.", Failures.Usage);
        }
        // Time to end the silo and to remove a temporary directory after Ctrl-C.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20), EnableDefaultExceptionHandler = false });
    }

    private static IEnumerable<string> Ancestors(System.CommandLine.Parsing.SymbolResult? result)
    {
        var names = new List<string>();
        for (; result is not null; result = result.Parent)
            if (result is System.CommandLine.Parsing.CommandResult command)
                names.Insert(0, command.Command is RootCommand ? "comod" : command.Command.Name);
        return names;
    }
}
