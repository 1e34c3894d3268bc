using System.CommandLine;
using ComodCluster.Cli.Commands;
using ComodCluster.Lab.Chaos;
using ComodCluster.Lab.Photos;
using ComodCluster.Lab.Reproduce;

namespace ComodCluster.Lab;

/// <summary>The laboratory's command line.</summary>
internal static class LabRoot
{
    /// <summary>How it is started in the folder of the repository.</summary>
    public const string Name = "dotnet run --project lab/Lab -c Release --";

    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("Computes published results anew, on photos too, and breaks clusters on purpose.")
        {
            new ReproduceCommand(terminal),
            new PhotosCommand(terminal),
            new ChaosCommand(terminal),
        };
        ExamplesHelp.Install(root);
        return root;
    }

    /// <inheritdoc cref="CommandLine.Run"/>
    public static Task<int> Run(string[] arguments, Terminal terminal) =>
        CommandLine.Run(Create(terminal), Name, arguments, terminal);
}
