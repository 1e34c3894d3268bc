using System.CommandLine;

namespace ComodCluster.Cli.Commands;

/// <summary>A noun with its verbs.</summary>
internal sealed class CommandGroup : Command
{
    public CommandGroup(string name, string description, params ReadOnlySpan<Command> verbs)
        : base(name, description)
    {
        foreach (var verb in verbs)
            Subcommands.Add(verb);
    }
}
