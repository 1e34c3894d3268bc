using ComodCluster.Api.Datasets;

namespace ComodCluster.Cli.Commands.Data;

internal static class DatasetLine
{
    /// <summary>A data set that is ready, in one line.</summary>
    public static string Of(DatasetInfo data) =>
        $"Data set {data.Name} is ready: {data.TrainImages} train and {data.TestImages} test images, "
        + $"{data.Classes.Count} {(data.Labels is { } kind ? Format.Name(kind) : "classes")}, "
        + $"{Format.Bytes(data.Bytes)}.";
}
