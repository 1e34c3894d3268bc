using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

internal sealed class ShowTaskCommand : ClientCommand
{
    private readonly Argument<string> _name = Commands.Arguments.Name("task");

    public ShowTaskCommand(Terminal terminal) : base(terminal, "show", "Shows one task.", "comod task show gear-or-washer")
    {
        Arguments.Add(_name);
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var task = await client.Tasks.Get(arguments.GetRequiredValue(_name), cancellation);
        if (arguments.IsJson()) Terminal.Json(task);
        else
            Listing.Write(Terminal, ("name", task.Spec.Name), ("uid", task.Uid), ("phase", Format.Name(task.Phase)), ("active", VersionText.Of(task.ActiveVersion)),
                ("latest", VersionText.Of(task.LatestVersion)), ("backbone", task.Spec.Backbone), ("data set", task.Spec.Dataset),
                ("classes", string.Join(", ", task.Classes)), ("readout", Format.Name(task.Readout)), ("created", Format.Time(task.Created)), ("reason", task.Reason));
        return 0;
    }
}
