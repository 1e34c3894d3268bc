using System.Globalization;
using ComodCluster.Cli.Commands.Plotting;

namespace ComodCluster.Lab.Reproduce;

/// <summary>The CSV with everything that is needed to judge it at its head, and tables and plots beside it.</summary>
internal static class ResultFiles
{
    /// <param name="path">Path of the files, without ending.</param>
    /// <returns>The files' paths.</returns>
    public static IReadOnlyList<string> Write(
        ReproductionOutcome outcome,
        string summary,
        Conclusion conclusion,
        string path
    )
    {
        var files = new List<string> { $"{path}.csv" };
        File.WriteAllLines(files[0], Lines(outcome, summary));
        foreach (var (ending, lines) in conclusion.Tables)
        {
            files.Add($"{path}-{ending}.csv");
            File.WriteAllLines(files[^1], lines);
        }
        foreach (var (ending, plot) in conclusion.Plots)
        {
            files.Add($"{path}-{ending}.svg");
            File.WriteAllText(files[^1], plot.Figure().StandaloneSvg());
            // PNG draws its texts: without a font it would have none.
            if (PlotFont.Find() is not { } typeface)
                continue;
            files.Add($"{path}-{ending}.png");
            File.WriteAllBytes(files[^1], plot.Figure().Png(typeface));
        }
        return files;
    }

    private static IEnumerable<string> Lines(ReproductionOutcome outcome, string summary)
    {
        yield return $"# {outcome.Name}: {summary}";
        yield return $"# {outcome.Command}; version {outcome.Version}; {outcome.Date:yyyy-MM-dd}; {outcome.Machine}";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"# the cells took {outcome.SecondsOfCells:0} s, added up; several run at the same time"
        );
        yield return $"# {outcome.Verdict}";
        foreach (var criterion in outcome.Criteria)
            yield return $"# {(criterion.Holds ? "holds" : "does not hold")}: {criterion.Claim} Found: "
                + $"{criterion.Found}";
        foreach (var remark in outcome.Remarks)
            yield return $"# {remark}";
        foreach (var constant in outcome.Constants)
            yield return $"# {constant.Name} = {constant.Value} ({constant.Source})";
        yield return "# low and high: 95 % interval of the mean, bootstrap over the tasks where there are several, "
            + "then over the seeds";
        yield return "study,arm,x,seeds,mean,low,high";
        foreach (var row in outcome.Rows)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Study},{row.Arm},{row.X:0.####},{row.Seeds},"
                    + $"{row.Mean:0.#####},{row.Low:0.#####},{row.High:0.#####}"
            );
    }
}
