using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

internal sealed class ListTasksCommand : ClientCommand
{
    public ListTasksCommand(Terminal terminal) : base(terminal, "list", "Lists tasks.", "comod task list", "comod task list -o json")
    {
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var tasks = await client.Tasks.List(cancellation);
        if (arguments.IsJson()) Terminal.Json(tasks);
        else
            Listing.Write(Terminal, tasks, "No tasks: create one.",
                ("name", task => task.Spec.Name), ("phase", task => Format.Name(task.Phase)), ("active", task => VersionText.Of(task.ActiveVersion)),
                ("latest", task => task.LatestVersion == 0 ? null : $"{task.LatestVersion}"), ("backbone", task => task.Spec.Backbone),
                ("data set", task => task.Spec.Dataset), ("classes", task => Classes(task.Classes)), ("reason", task => task.Reason ?? ""));
        return 0;
    }

    private static string Classes(IReadOnlyList<string> classes) => classes.Count <= 4 ? string.Join(", ", classes) : $"{classes.Count}";
}
