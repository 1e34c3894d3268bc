using System.Text;
using ComodCluster.Api.Planning;
using ComodCluster.Cli.Commands.Demo.Report;
using ComodCluster.Cli.Commands.Plotting;

namespace ComodCluster.Cli.Commands.Planning;

/// <summary>A plan as one page without any reference to another file.</summary>
internal static class PlanPage
{
    public static string Render(PlanReport plan, DateTimeOffset now) =>
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>ComodCluster plan: {Html.Text(plan.Dataset)} on {Html.Text(plan.Backbone)}</title>
        <style>
        {ReportPage.Style()}
        </style>
        </head>
        <body>
        <header>
        <h1>{Html.Text(string.Join(" or ", plan.Classes.Take(4)))}{(plan.Classes.Count > 4 ? ", ..." : "")}</h1>
        <p>Plan for {Html.Text(plan.Dataset)} on {Html.Text(plan.Backbone)}, readout {Format.Name(plan.Readout)}, before any adaptation. Recommended: <code>{Html.Text(PlanText.Recommended(plan.Recommendation))}</code></p>
        </header>
        <main>
        <section>
        <h2>Why</h2>
        <ul>
        {Items(plan.Recommendation.Reasons)}
        </ul>
        {(plan.Warnings.Count == 0 ? "" : $"<h2>Take care</h2>\n<ul>\n{Items(plan.Warnings)}\n</ul>")}
        </section>
        <section>
        <h2>Where to cut</h2>
        <p>Fall of the held-out loss by one cross-validated step of couplings: promised by its gradients (first dot) and measured (second dot), with 95 % intervals. Ranked by '{plan.RankedBy}'.</p>
        {PlanFigures.Cuts(plan)}
        {Table(plan.Cuts, ("cut", c => c.Cut), ("rank", c => $"{c.Rank}"), ("promised", c => PlanText.Signed(c.Promised)), ("measured", c => PlanText.Signed(c.Measured)),
            ("accuracy after", c => PlanText.Share(c.Accuracy)), ("LogME", c => $"{c.LogMe:0.000}"), ("H-score", c => $"{c.HScore:0.000}"), ("probe", c => PlanText.Share(c.Probe)))}
        </section>
        <section>
        <h2>Safe amplitude</h2>
        <p>{Html.Text(PlanText.Safe(plan.Sigma))}.</p>
        {PlanFigures.Sigma(plan.Sigma)}
        </section>
        <section>
        <h2>A readout alone</h2>
        <p>Accuracy over the number of examples; the last two dots are what is expected at {plan.Examples} and {2 * plan.Examples}.</p>
        {PlanFigures.Curve(plan)}
        </section>
        <section>
        <h2>Cost and return</h2>
        <p>Estimates for the job alone on this device. Points are of accuracy above {(plan.HeadAccuracy is { } head ? $"the head as it is ({head.Value:0.000})" : $"chance ({plan.ChanceAccuracy:0.000})")}.</p>
        {Table(plan.Costs, ("method", c => Format.Name(c.Method)), ("device-seconds", c => $"{c.DeviceSeconds:0.0}"), ("cache", c => Format.Bytes(c.PrefixBytes)), ("state", c => Format.Bytes(c.StateBytes)),
            ("trained", c => $"{c.TrainedParameters}"), ("accuracy", c => c.Accuracy is { } known ? PlanText.Share(known) : "–"), ("points per second", c => c.PointsPerSecond is { } points ? $"{points:0.00}" : "–"))}
        <ul>
        {Items([.. plan.Costs.Select(c => $"{Format.Name(c.Method)}: accuracy {c.Basis}.")])}
        </ul>
        </section>
        </main>
        <footer>
        <dl>
        <dt>Looked at</dt><dd>{plan.Images} of {plan.Examples} examples, {plan.StepImages} for gradients and steps, seed {plan.Seed}</dd>
        <dt>Device</dt><dd>{Html.Text(plan.Device)}, {Html.Text(plan.Profile)} (precision / batch rows / threads), {plan.DeviceSeconds:0.0} s</dd>
        <dt>Date</dt><dd>{now:yyyy-MM-dd HH:mm} UTC</dd>
        </dl>
        </footer>
        </body>
        </html>

        """;

    private static string Items(IReadOnlyList<string> sentences) =>
        string.Join("\n", sentences.Select(s => $"<li>{Html.Text(s)}</li>"));

    private static string Table<T>(IReadOnlyList<T> rows, params (string Title, Func<T, string> Cell)[] columns)
    {
        var table = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr>");
        foreach (var (title, _) in columns)
            table.Append($"<th>{title}</th>");
        table.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            table.Append("<tr>");
            for (var i = 0; i < columns.Length; i++)
                table.Append(
                    i == 0
                        ? $"<th>{Html.Text(columns[i].Cell(row))}</th>"
                        : $"<td>{Html.Text(columns[i].Cell(row))}</td>"
                );
            table.Append("</tr>\n");
        }
        return table.Append("</tbody>\n</table></div>").ToString();
    }
}
