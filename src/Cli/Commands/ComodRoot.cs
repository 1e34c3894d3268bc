using System.CommandLine;
using ComodCluster.Cli.Commands.Backbones;
using ComodCluster.Cli.Commands.Backups;
using ComodCluster.Cli.Commands.Data;
using ComodCluster.Cli.Commands.Demo;
using ComodCluster.Cli.Commands.Jobs;
using ComodCluster.Cli.Commands.Planning;
using ComodCluster.Cli.Commands.Silos;
using ComodCluster.Cli.Commands.Tasks;

namespace ComodCluster.Cli.Commands;

/// <summary><c>comod</c></summary>
internal static class ComodRoot
{
    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand(
            "Adapts many small vision tasks on one frozen backbone, by stochastic comodulation.\n\nStart with "
                + "'comod demo'."
        )
        {
            new DemoCommand(terminal),
            new SiloCommand(terminal),
            BackboneCommands.Create(terminal),
            DataCommands.Create(terminal),
            TaskCommands.Create(terminal),
            new PlanCommand(terminal),
            JobCommands.Create(terminal),
            new BackupCommand(terminal),
            new RestoreCommand(terminal),
            new UpgradeCommand(terminal),
            new LaboratoryCommand("reproduce", terminal),
            new LaboratoryCommand("chaos", terminal),
        };
        ExamplesHelp.Install(root);
        return root;
    }

    /// <inheritdoc cref="CommandLine.Run"/>
    public static Task<int> Run(string[] arguments, Terminal terminal) =>
        CommandLine.Run(Create(terminal), "comod", arguments, terminal);
}
