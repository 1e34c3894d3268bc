using ComodCluster.Api.Datasets;
using ComodCluster.Cli.Commands.Data.Get;

namespace ComodCluster.Cli.Commands.Data;

/// <summary><c>comod data</c></summary>
internal static class DataCommands
{
    public static CommandGroup Create(Terminal terminal) =>
        new(
            "data",
            "Data sets that tasks learn from.",
            new CommandGroup(
                "get",
                "Archives of published data sets.",
                new GetCifarCommand(terminal, CifarSource.Cifar10),
                new GetCifarCommand(terminal, CifarSource.Cifar100),
                new GetCelebACommand(terminal)
            ),
            new UploadCommand(terminal),
            new CanvasCommand(
                terminal,
                DatasetSourceKind.Scenes,
                "Draws scenes of an inspection line: a part at the station, any parts elsewhere.",
                "comod data scenes gears --classes gear,washer --station 4"
            ),
            new CanvasCommand(
                terminal,
                DatasetSourceKind.Clutter,
                "Composes canvases from another data set's images: an object at the station, any objects elsewhere.",
                "comod data clutter cats --from cifar10-1a2b3c4d --classes cat,dog --station 4 --train 400 --test 600"
            ),
            List(terminal),
            Show(terminal),
            new DeleteCommand(
                terminal,
                "data",
                "data set",
                "Deletes a data set that no task uses.",
                (client, name, cancellation) => client.Datasets.Delete(name, cancellation)
            )
        );

    private static ShowCommand<DatasetInfo> Show(Terminal terminal) =>
        new(
            terminal,
            "data",
            Arguments.Name("data set"),
            "parts-1a2b3c4d",
            (client, name, cancellation) => client.Datasets.Get(name, cancellation),
            [
                ("name", data => data.Name),
                ("phase", data => Format.Name(data.Phase)),
                ("source", data => Format.Name(data.Source.Kind)),
                ("classes", data => string.Join(", ", data.Classes)),
                ("train", data => $"{data.TrainImages}"),
                ("test", data => $"{data.TestImages}"),
                ("size", data => Format.Bytes(data.Bytes)),
                .. DatasetReport.Lines,
                ("job", data => data.Job),
                ("created", data => Format.Time(data.Created)),
                ("reason", data => data.Reason),
            ]
        );

    private static ListCommand<DatasetInfo> List(Terminal terminal) =>
        new(
            terminal,
            "data",
            "Lists data sets.",
            "No data sets: upload a zip, or draw scenes.",
            (client, cancellation) => client.Datasets.List(cancellation),
            ("name", data => data.Name),
            ("phase", data => Format.Name(data.Phase)),
            ("source", data => Format.Name(data.Source.Kind)),
            ("classes", data => $"{data.Classes.Count}"),
            ("train", data => $"{data.TrainImages}"),
            ("test", data => $"{data.TestImages}"),
            ("size", data => Format.Bytes(data.Bytes)),
            ("reason", data => data.Reason ?? "")
        );
}
