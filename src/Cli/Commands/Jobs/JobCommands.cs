namespace ComodCluster.Cli.Commands.Jobs;

/// <summary><c>comod job</c></summary>
internal static class JobCommands
{
    public static CommandGroup Create(Terminal terminal) => new("job", "Long work: imports, trainings, adaptations.",
        new ListJobsCommand(terminal),
        new ShowJobCommand(terminal),
        new WatchJobCommand(terminal),
        new ChangeJobCommand(terminal, "pause", "Stops a job after a last checkpoint, until it is resumed or cancelled.", (jobs, id, stop) => jobs.Pause(id, stop)),
        new ChangeJobCommand(terminal, "resume", "Puts a paused job into the queue again.", (jobs, id, stop) => jobs.Resume(id, stop)),
        new ChangeJobCommand(terminal, "cancel", "Ends a job; what it made so far is dropped.", (jobs, id, stop) => jobs.Cancel(id, stop)));
}
