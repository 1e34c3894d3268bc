using System.CommandLine;

namespace ComodCluster.Cli.Commands;

/// <summary>A verb of the laboratory, which is no part of <c>comod</c>: says how to run it.</summary>
internal sealed class LaboratoryCommand : Command
{
    public LaboratoryCommand(string name, Terminal terminal)
        : base(name, Sentence(name))
    {
        (Hidden, TreatUnmatchedTokensAsErrors) = (true, false);
        SetAction(_ => Failures.Tell(terminal, "usage", Sentence(name), Failures.Usage));
    }

    private static string Sentence(string name) =>
        $"'comod {name}' belongs to the laboratory: in a clone of the repository run 'dotnet run --project lab/Lab "
        + $"-c Release -- {name}' with the same options.";
}
