using ComodCluster.Api.Jobs;

namespace ComodCluster.Cli.Commands.Jobs;

/// <summary><c>comod job</c></summary>
internal static class JobCommands
{
    public static CommandGroup Create(Terminal terminal) =>
        new(
            "job",
            "Long work: imports, trainings, adaptations.",
            List(terminal),
            Show(terminal),
            new WatchJobCommand(terminal),
            new ChangeJobCommand(
                terminal,
                "pause",
                "Stops a job after a last checkpoint, until it is resumed or cancelled.",
                (jobs, id, stop) => jobs.Pause(id, stop)
            ),
            new ChangeJobCommand(
                terminal,
                "resume",
                "Puts a paused job into the queue again.",
                (jobs, id, stop) => jobs.Resume(id, stop)
            ),
            new ChangeJobCommand(
                terminal,
                "cancel",
                "Ends a job; what it made so far is dropped.",
                (jobs, id, stop) => jobs.Cancel(id, stop)
            )
        );

    private static ListCommand<JobInfo> List(Terminal terminal) =>
        new(
            terminal,
            "job",
            "Lists jobs.",
            "No jobs yet.",
            (client, cancellation) => client.Jobs.List(cancellation),
            ("id", job => job.Id),
            ("subject", job => job.Subject),
            ("phase", job => Format.Name(job.Phase)),
            ("progress", job => $"{job.Progress:P0}"),
            ("reason", job => job.Error?.Message ?? ""),
            ("kind", job => Format.Name(job.Kind)),
            ("created", job => Format.Time(job.Created)),
            ("resumed", job => job.Resumes == 0 ? "" : $"{job.Resumes}x")
        );

    private static ShowCommand<JobInfo> Show(Terminal terminal) =>
        new(
            terminal,
            "job",
            Arguments.JobId(),
            "train-0123456789abcdef",
            (client, id, cancellation) => client.Jobs.Get(id, cancellation),
            ("id", job => job.Id),
            ("kind", job => Format.Name(job.Kind)),
            ("subject", job => job.Subject),
            ("phase", job => Format.Name(job.Phase)),
            ("progress", job => $"{job.Progress:P0}"),
            ("activity", job => job.Activity),
            ("loss", job => job.Loss?.ToString("0.000")),
            ("accuracy", job => job.Accuracy?.ToString("0.000")),
            ("versions", job => string.Join(", ", job.Versions)),
            ("resumed", job => job.Resumes == 0 ? null : $"{job.Resumes} times"),
            ("created", job => Format.Time(job.Created)),
            ("started", job => Format.Time(job.Started)),
            ("finished", job => Format.Time(job.Finished)),
            ("error", job => job.Error is { } error ? $"{error.Code}: {error.Message}" : null)
        );
}
