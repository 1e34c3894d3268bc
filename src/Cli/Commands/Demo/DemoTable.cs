using Spectre.Console;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary>The result table of the demo: 80 columns have room for it; the report has more.</summary>
internal static class DemoTable
{
    public static Table Of(IReadOnlyList<DemoTask> tasks, IReadOnlyCollection<DemoRow> rows)
    {
        var table = new Table { Border = TableBorder.None, ShowFooters = true };
        var summaries = DemoMeans.ByTask(rows);
        var means = DemoMeans.Methods.Select(method => DemoMeans.Accuracy(rows, method)).ToArray();
        table.AddColumn(
            new TableColumn("[bold]TASK[/]") { Padding = new(0, 0, 2, 0) }
                .Footer(new Markup("[bold]mean[/]"))
                .NoWrap()
        );
        Number(table, "READOUT\nONLY", Percent(means[0], means));
        Number(table, "GAIN, NO\nNOISE", Percent(means[1], means));
        Number(table, "COMODULATION", Percent(means[2], means));
        Number(table, "SECONDS", $"{summaries.Average(row => row.Seconds):0.0}");
        Number(table, "BYTES", "");
        table.Columns[^1].Padding = new(0);
        foreach (var (task, row) in tasks.Zip(summaries))
        {
            double?[] accuracies = [row.Readout, row.Gain, row.Comodulation];
            table.AddRow(
                Markup.Escape($"{task.Title}, {task.Place}"),
                Percent(row.Readout, accuracies),
                Percent(row.Gain, accuracies),
                Percent(row.Comodulation, accuracies),
                $"{row.Seconds:0.0}",
                $"{row.StateBytes}"
            );
        }
        return table;
    }

    private static void Number(Table table, string title, string footer) =>
        table.AddColumn(
            new TableColumn($"[bold]{title}[/]") { Padding = new(0, 0, 2, 0) }
                .RightAligned()
                .Footer(new Markup(footer))
                .NoWrap()
        );

    /// <summary>The best of a row in green.</summary>
    private static string Percent(double? accuracy, IEnumerable<double?> row) =>
        accuracy is not { } value ? "-"
        : value >= row.Max() ? $"[green]{value:0.000}[/]"
        : $"{value:0.000}";
}
