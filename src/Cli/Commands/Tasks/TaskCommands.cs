using ComodCluster.Api.Tasks;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

/// <summary><c>comod task</c></summary>
internal static class TaskCommands
{
    public static CommandGroup Create(Terminal terminal) =>
        new(
            "task",
            "Tasks: a few kilobytes each, on a frozen backbone.",
            new CreateTaskCommand(terminal),
            new ImportTasksCommand(terminal),
            List(terminal),
            Show(terminal),
            new AdaptCommand(terminal),
            new PredictCommand(terminal),
            new VersionsCommand(terminal),
            new ActivateCommand(terminal),
            new RevertCommand(terminal),
            new DeleteCommand(
                terminal,
                "task",
                "task",
                "Deletes a task with all its versions.",
                (client, name, cancellation) => client.Tasks.Delete(name, cancellation)
            )
        );

    private static ListCommand<TaskInfo> List(Terminal terminal) =>
        new(
            terminal,
            "task",
            "Lists tasks.",
            "No tasks: create one.",
            (client, cancellation) => client.Tasks.List(cancellation),
            ("name", task => task.Spec.Name),
            ("phase", task => Format.Name(task.Phase)),
            ("active", task => VersionText.Of(task.ActiveVersion)),
            ("latest", task => task.LatestVersion == 0 ? null : $"{task.LatestVersion}"),
            ("backbone", task => task.Spec.Backbone),
            ("data set", task => task.Spec.Dataset),
            ("classes", task => task.Classes.Count <= 4 ? string.Join(", ", task.Classes) : $"{task.Classes.Count}"),
            ("reason", task => task.Reason ?? "")
        );

    private static ShowCommand<TaskInfo> Show(Terminal terminal) =>
        new(
            terminal,
            "task",
            Arguments.Name("task"),
            "gear-or-washer",
            (client, name, cancellation) => client.Tasks.Get(name, cancellation),
            ("name", task => task.Spec.Name),
            ("uid", task => task.Uid),
            ("phase", task => Format.Name(task.Phase)),
            ("active", task => VersionText.Of(task.ActiveVersion)),
            ("latest", task => VersionText.Of(task.LatestVersion)),
            ("backbone", task => task.Spec.Backbone),
            ("data set", task => task.Spec.Dataset),
            ("classes", task => string.Join(", ", task.Classes)),
            ("readout", task => Format.Name(task.Readout)),
            ("created", task => Format.Time(task.Created)),
            ("reason", task => task.Reason)
        )
        {
            Then = async (client, task, cancellation) =>
            {
                if (await ActiveVersion(client, task, cancellation) is not { } version)
                    return;
                Listing.Write(
                    terminal,
                    [("method", Format.Name(version.Method)), ("reads the network", version.Readout?.Reason)]
                );
                VersionsTable.WriteReadout(terminal, version);
            },
        };

    private static async Task<VersionInfo?> ActiveVersion(
        ComodClient client,
        TaskInfo task,
        CancellationToken cancellation
    ) =>
        task.ActiveVersion == 0
            ? null
            : (
                await client.Tasks.Versions(task.Spec.Name, task.ActiveVersion - 1, limit: 1, cancellation)
            ).FirstOrDefault(version => version.Version == task.ActiveVersion);
}
