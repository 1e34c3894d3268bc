using Spectre.Console;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary>The result table of the demo.</summary>
internal static class DemoTable
{
    public static Table Of(IReadOnlyList<DemoTask> tasks, IReadOnlyCollection<DemoRow> rows)
    {
        var table = new Table { Border = TableBorder.Rounded, ShowFooters = true };
        var summaries = DemoMeans.ByTask(rows);
        var means = DemoMeans.Methods.Select(method => DemoMeans.Accuracy(rows, method)).ToArray();
        table.AddColumn(new TableColumn("task").Footer(new Markup("[bold]mean[/]")).NoWrap());
        Number(table, "examples", "");
        Number(table, "readout\nonly", Percent(means[0], means));
        Number(table, "deterministic\ngain", Percent(means[1], means));
        Number(table, "comodulation", Percent(means[2], means));
        Number(table, "trained\nparameters", "");
        Number(table, "seconds", $"{summaries.Average(row => row.Seconds):0.0}");
        Number(table, "bytes\nof state", "");
        foreach (var (task, row) in tasks.Zip(summaries))
        {
            double?[] accuracies = [row.Readout, row.Gain, row.Comodulation];
            table.AddRow(Markup.Escape($"{task.Title}, {task.Place}"), $"{row.Examples}", Percent(row.Readout, accuracies), Percent(row.Gain, accuracies),
                Percent(row.Comodulation, accuracies), $"{row.TrainedParameters}", $"{row.Seconds:0.0}", $"{row.StateBytes}");
        }
        return table;
    }

    private static void Number(Table table, string title, string footer) =>
        table.AddColumn(new TableColumn(title).RightAligned().Footer(new Markup(footer)).NoWrap());

    /// <summary>The best of a row in green.</summary>
    private static string Percent(double? accuracy, IEnumerable<double?> row) => accuracy is not { } value ? "-"
        : value >= row.Max() ? $"[green]{value:0.000}[/]" : $"{value:0.000}";
}
