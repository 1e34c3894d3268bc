using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Data;

internal sealed class ListDatasetsCommand : ClientCommand
{
    public ListDatasetsCommand(Terminal terminal) : base(terminal, "list", "Lists data sets.", "comod data list", "comod data list -o json")
    {
        Options.Add(OutputOption.Instance);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var all = await client.Datasets.List(cancellation);
        if (arguments.IsJson()) Terminal.Json(all);
        else
            Listing.Write(Terminal, all, "No data sets: upload a zip, or draw scenes.",
                ("name", data => data.Name), ("phase", data => Format.Name(data.Phase)), ("source", data => Format.Name(data.Source.Kind)),
                ("classes", data => $"{data.Classes.Count}"), ("train", data => $"{data.TrainImages}"), ("test", data => $"{data.TestImages}"),
                ("size", data => Format.Bytes(data.Bytes)), ("reason", data => data.Reason ?? ""));
        return 0;
    }
}
