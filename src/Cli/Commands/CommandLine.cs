using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace ComodCluster.Cli.Commands;

/// <summary>Runs a line of words for any root of commands.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs a command line.</summary>
    /// <param name="name">Name of the program, as sentences for the user write it.</param>
    /// <returns>0; 1 where something failed; 2 where the command line is wrong; 130 after Ctrl-C.</returns>
    public static async Task<int> Run(RootCommand root, string name, string[] arguments, Terminal terminal)
    {
        var parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            var command = string.Join(' ', Ancestors(name, parsed.CommandResult));
            var cause =
                parsed.UnmatchedTokens.Count > 0
                    ? $"'{parsed.UnmatchedTokens[0]}' is no command or option of '{command}'."
                    : UsageSentence.Of(parsed.Errors);
            return Failures.Tell(terminal, "usage", $"{cause} See '{command} --help'.", Failures.Usage);
        }
        // Time to end the silo and to remove a temporary directory after Ctrl-C.
        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                ProcessTerminationTimeout = TimeSpan.FromSeconds(20),
                EnableDefaultExceptionHandler = false,
            }
        );
    }

    private static IEnumerable<string> Ancestors(string program, SymbolResult? result)
    {
        var names = new List<string>();
        for (; result is not null; result = result.Parent)
            if (result is CommandResult command)
                names.Insert(0, command.Command is RootCommand ? program : command.Command.Name);
        return names;
    }
}
