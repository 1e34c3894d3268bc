namespace ComodCluster.Cli.Commands.Tasks;

/// <summary><c>comod task</c></summary>
internal static class TaskCommands
{
    public static CommandGroup Create(Terminal terminal) => new("task", "Tasks: a few kilobytes each, on a frozen backbone.",
        new CreateTaskCommand(terminal),
        new ImportTasksCommand(terminal),
        new ListTasksCommand(terminal),
        new ShowTaskCommand(terminal),
        new AdaptCommand(terminal),
        new PredictCommand(terminal),
        new VersionsCommand(terminal),
        new ActivateCommand(terminal),
        new RevertCommand(terminal),
        new DeleteCommand(terminal, "task", "task", "Deletes a task with all its versions.", (client, name, cancellation) => client.Tasks.Delete(name, cancellation)));
}
