using ComodCluster.Api.Tasks;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary>Means over seeds, and over tasks.</summary>
internal static class DemoMeans
{
    /// <summary>In the order of the result table.</summary>
    public static IReadOnlyList<Method> Methods { get; } = [Method.Readout, Method.Gain, Method.Comodulation];

    public static double? Accuracy(IEnumerable<DemoRow> rows, Method method) =>
        rows.Where(row => row.Method == method).Average(row => row.Accuracy);

    public static IReadOnlyDictionary<string, double?> ByMethod(IReadOnlyCollection<DemoRow> rows) =>
        Methods.ToDictionary(method => method.ToString().ToLowerInvariant(), method => Accuracy(rows, method));

    /// <summary>One summary for each task, in the order of the rows.</summary>
    public static IReadOnlyList<TaskSummary> ByTask(IEnumerable<DemoRow> rows) =>
        [.. rows.GroupBy(row => row.Task).Select(task => Summary(task.Key, [.. task]))];

    private static TaskSummary Summary(string task, IReadOnlyList<DemoRow> rows)
    {
        var comodulation = rows.Where(row => row.Method == Method.Comodulation).ToArray();
        return new(
            task,
            rows[0].Examples,
            Accuracy(rows, Method.Readout),
            Accuracy(rows, Method.Gain),
            Accuracy(rows, Method.Comodulation),
            comodulation.Max(row => row.TrainedParameters),
            comodulation.Average(row => row.Seconds),
            comodulation.Max(row => row.StateBytes)
        );
    }
}
