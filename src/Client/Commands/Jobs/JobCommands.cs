namespace ComodCluster.Client.Commands.Jobs;

/// <summary><c>comod job</c></summary>
internal static class JobCommands
{
    public static CommandGroup Create(Terminal terminal) => new("job", "Long work: imports, trainings, adaptations.",
        new ListJobsCommand(terminal),
        new ShowJobCommand(terminal),
        new WatchJobCommand(terminal),
        new CancelJobCommand(terminal));
}
