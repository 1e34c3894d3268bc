using System.Text;
using ComodCluster.Cli.Commands.Plotting;

namespace ComodCluster.Cli.Commands.Demo.Report;

/// <summary>The result table as HTML.</summary>
internal static class ResultTable
{
    public static string Render(IReadOnlyList<DemoTask> tasks, IReadOnlyCollection<DemoRow> rows)
    {
        var summaries = DemoMeans.ByTask(rows);
        var table = new StringBuilder(
            """
            <div class="scroll"><table>
            <thead><tr><th>task</th><th>examples</th><th>readout only</th><th>deterministic gain</th><th>comodulation</th><th>trained parameters</th><th>seconds</th><th>bytes of state</th></tr></thead>
            <tbody>

            """
        );
        foreach (var (task, row) in tasks.Zip(summaries))
        {
            table.Append($"<tr><th>{Html.Text(task.Title)} <small>{task.Place}</small></th><td>{row.Examples}</td>");
            Accuracies(table, row.Readout, row.Gain, row.Comodulation);
            table.Append(
                $"<td>{row.TrainedParameters}</td><td>{row.Seconds:0.0}</td><td>{row.StateBytes:N0}</td></tr>\n"
            );
        }
        table.Append("</tbody>\n<tfoot><tr><th>mean</th><td></td>");
        var means = DemoMeans.Methods.Select(method => DemoMeans.Accuracy(rows, method)).ToArray();
        Accuracies(table, means);
        table.Append(
            $"<td></td><td>{summaries.Average(row => row.Seconds):0.0}</td><td></td></tr></tfoot>\n</table></div>"
        );
        return table.ToString();
    }

    private static void Accuracies(StringBuilder table, params double?[] accuracies)
    {
        foreach (var accuracy in accuracies)
            table
                .Append(accuracy is { } value && value >= accuracies.Max() ? "<td class=\"best\">" : "<td>")
                .Append(accuracy is { } shown ? $"{shown:0.000}" : "–")
                .Append("</td>");
    }
}
