using System.Text;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Plotting;

namespace ComodCluster.Cli.Commands.Demo.Report;

/// <summary>Everything that was measured, a row for each method: means over tasks and seeds.</summary>
internal static class MetricsTable
{
    private static readonly (string Title, Func<VersionMetrics, double?> Of)[] Shares =
    [
        ("accuracy", m => m.Accuracy),
        ("balanced accuracy", m => m.BalancedAccuracy),
        ("precision", m => m.Precision),
        ("recall", m => m.Recall),
        ("F1", m => m.F1),
        ("ECE", m => m.Ece),
        ("ECE, temperature scaled", m => m.CalibratedEce),
        ("NLL", m => m.Nll),
    ];

    public static string Render(IReadOnlyCollection<DemoRow> rows)
    {
        var table = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr><th>method</th>");
        foreach (var (title, _) in Shares)
            table.Append($"<th>{title}</th>");
        table.Append(
            "<th>trained parameters</th><th>seconds</th><th>bytes of state</th><th>cached "
                + "to</th></tr></thead>\n<tbody>\n"
        );
        foreach (var method in rows.GroupBy(row => row.Method).OrderBy(group => group.Key))
        {
            table.Append($"<tr><th>{Html.Text(MethodStyle.Name(method.Key))}</th>");
            foreach (var (_, of) in Shares)
                table.Append(
                    $"<td>{(method.Average(row => of(row.Metrics)) is { } mean ? $"{mean:0.000}" : "–")}</td>"
                );
            table.Append(
                $"<td>{method.Max(row => row.TrainedParameters)}</td><td>{method.Average(row => row.Seconds):0.0}</td>"
                    + $"<td>{method.Max(row => row.StateBytes):N0}</td>"
            );
            table.Append($"<td>{string.Join(", ", method.Select(row => row.CachedTo ?? "–").Distinct())}</td></tr>\n");
        }
        return table.Append("</tbody>\n</table></div>").ToString();
    }
}
