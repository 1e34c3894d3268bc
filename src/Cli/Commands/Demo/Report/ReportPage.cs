using System.Text;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Plotting;

namespace ComodCluster.Cli.Commands.Demo.Report;

/// <summary>The report: one page without any reference to another file.</summary>
internal static class ReportPage
{
    /// <param name="batches">One for each task; the first image of a task is shown.</param>
    public static string Render(
        DemoResult result,
        IReadOnlyList<AdaptedTask> adapted,
        IReadOnlyList<FixedBatch> batches
    )
    {
        DemoTask[] tasks = [.. adapted.Select(task => task.Task)];
        var page = new StringBuilder();
        page.Append(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>ComodCluster demo: {tasks.Length} tasks on one frozen backbone</title>
            <style>
            {Style()}
            </style>
            </head>
            <body>
            <header>
            <h1>{tasks.Length} tasks, one frozen backbone</h1>
            <p>Each task was adapted from {result.Rows[
                0
            ].Examples} labelled images by stochastic comodulation, all at the same time, beside two controls on the same images. The backbone <code>{Html.Text(
                result.Backbone
            )}</code> was never written.</p>
            </header>
            <main>
            <section class="facts">
            {Fact(Percent(result.Means["comodulation"]), "mean accuracy of comodulation")}
            {Fact(Percent(result.Means["gain"]), "of deterministic gain")}
            {Fact(Percent(result.Means["readout"]), "of readout only")}
            {Fact($"{result.LargestStateBytes / 1024.0:0.0} KB", "largest state of a task")}
            {Fact(
                $"{result.PredictMilliseconds.Median:0.0} ms",
                $"per image over HTTP, median; p99 {result.PredictMilliseconds.P99:0.0} ms"
            )}
            {Fact(
                result.RestartIdentical ? "identical" : "different",
                "predictions after kill -9 and a new start, bit by bit",
                !result.RestartIdentical
            )}
            {Fact(
                result.RevertIdentical ? "identical" : "different",
                "predictions after a revert, bit by bit",
                !result.RevertIdentical
            )}
            </section>
            <section>
            <h2>Result</h2>
            <p>Accuracy on held-out images, {Seeds(result)}. The last three columns are those of comodulation.</p>
            {ResultTable.Render(tasks, result.Rows)}
            {Legend()}
            {AccuracyPlot.Render(tasks, result.Rows)}
            <h3>All measures</h3>
            <p>Means over tasks and seeds. Precision, recall and F1 are averaged over the classes; the expected calibration error has 15 bins, and the temperature is fitted on the images of early stopping. Up to the place in the last column activations are computed once for each image.</p>
            {MetricsTable.Render(result.Rows)}
            </section>
            <section>
            <h2>Every task</h2>
            <p>Curves: solid, loss on the examples held out for early stopping; dotted, training loss. Couplings: red raises activity at a position, blue lowers it. Decoder gain: computed from the covariance with the modulator, mean 1. All of the first seed.</p>
            {Legend()}
            <div class="cards">

            """
        );
        foreach (var (task, batch) in adapted.Zip(batches))
            page.Append(Card(task, batch, result));
        page.Append(
            $"""
            </div>
            </section>
            </main>
            <footer>
            <dl>
            <dt>Command</dt><dd><code>{Html.Text(result.Command)}</code></dd>
            <dt>Machine</dt><dd>{Html.Text(result.Machine)}</dd>
            <dt>Profile</dt><dd>{Html.Text(result.Profile)} (precision / batch rows / threads)</dd>
            <dt>Seeds</dt><dd>{string.Join(", ", result.Seeds)}</dd>
            <dt>Date</dt><dd>{result.Date:yyyy-MM-dd HH:mm} UTC, {result.SecondsTotal:0} s in all</dd>
            </dl>
            </footer>
            </body>
            </html>

            """
        );
        return page.ToString();
    }

    private static string Card(AdaptedTask task, FixedBatch batch, DemoResult result)
    {
        var accuracies = DemoMeans.Methods.Select(method =>
            $"<span style=\"color:{MethodStyle.Color(method)}\">"
            + Percent(DemoMeans.Accuracy(result.Rows.Where(row => row.Task == task.Task.Name), method))
            + "</span>"
        );
        return $"""
            <article>
            <h3>{Html.Text(task.Task.Title)}</h3>
            <p class="sub">station {task.Task.Place} <span class="numbers">{string.Join(" ", accuracies)}</span></p>
            {CouplingMap.Render(task, batch.Images[0])}
            {CurvePlot.Render(task)}
            {GainPlot.Render(task)}
            </article>

            """;
    }

    private static string Legend() => $"<p class=\"legend\">{string.Concat(DemoMeans.Methods.Select(Entry))}</p>";

    private static string Entry(Method method) =>
        $"<span><i style=\"background:{MethodStyle.Color(method)}\"></i>{MethodStyle.Name(method)}</span>";

    private static string Fact(string value, string what, bool bad = false) =>
        $"<div{(bad ? " class=\"bad\"" : "")}><b>{value}</b><span>{what}</span></div>";

    private static string Percent(double? share) => share is { } value ? $"{100 * value:0.0} %" : "–";

    private static string Seeds(DemoResult result) =>
        result.Seeds.Count == 1 ? "one seed" : $"mean over {result.Seeds.Count} seeds";

    internal static string Style()
    {
        using var style = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream("report.css")!);
        return style.ReadToEnd();
    }
}
