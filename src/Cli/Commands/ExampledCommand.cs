using System.CommandLine;

namespace ComodCluster.Cli.Commands;

/// <summary>A command whose help ends with examples.</summary>
internal abstract class ExampledCommand(string name, string description, params string[] examples)
    : Command(name, description)
{
    /// <summary>Command lines, complete and ready to be pasted.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
