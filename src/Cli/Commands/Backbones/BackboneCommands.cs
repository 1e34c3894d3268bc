namespace ComodCluster.Cli.Commands.Backbones;

/// <summary><c>comod backbone</c></summary>
internal static class BackboneCommands
{
    public static CommandGroup Create(Terminal terminal) => new("backbone", "Frozen networks that tasks are adapted on.",
        new ListBackbonesCommand(terminal),
        new RegisterBackboneCommand(terminal),
        new TrainBackboneCommand(terminal),
        new DeleteCommand(terminal, "backbone", "backbone", "Deletes a backbone that no task uses.", (client, name, cancellation) => client.Backbones.Delete(name, cancellation)));
}
