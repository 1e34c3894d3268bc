using System.Globalization;
using System.Text;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Commands.Demo;
using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Plots;

namespace ComodCluster.Benchmarks.Measuring;

/// <summary>What a benchmark found: the samples for the CSV and the keys of the line that programs read.</summary>
/// <param name="benchmark">Its name.</param>
/// <param name="versions">Versions of all that took part, in words.</param>
/// <param name="columns">Columns of the CSV.</param>
internal sealed class Report(string benchmark, string versions, params IReadOnlyList<string> columns)
{
    private readonly List<string> _rows = [];
    private readonly StringBuilder _result = new("RESULT");
    private LinePlot? _plot;

    /// <summary>As given, until a benchmark knows better.</summary>
    public string Versions { get; set; } = versions;

    public string ResultLine => _result.ToString();

    public void Row(params IReadOnlyList<object> cells)
    {
        if (cells.Count != columns.Count)
            throw new ArgumentException($"A row has {columns.Count} cells.", nameof(cells));
        _rows.Add(string.Join(',', cells.Select(c => Convert.ToString(c, CultureInfo.InvariantCulture))));
    }

    public void Key(string name, double value) =>
        _result.Append(CultureInfo.InvariantCulture, $" {name}={value:0.####}");

    /// <summary>Three keys: the name, and with <c>_low</c> and <c>_high</c> its interval.</summary>
    public void Key(string name, Estimate estimate)
    {
        Key(name, estimate.Median);
        Key($"{name}_low", estimate.Low);
        Key($"{name}_high", estimate.High);
    }

    /// <summary>Written beside the CSV, as SVG.</summary>
    public void Plot(LinePlot plot) => _plot = plot;

    /// <returns>The file's path.</returns>
    public string Write(string folder, Effort effort)
    {
        Directory.CreateDirectory(folder);
        var machine = $"{Machine.Processor()} {Environment.ProcessorCount} cores";
        var slug = Slug.Of(machine.Replace("(R)", "", StringComparison.Ordinal), longest: 100);
        var file = Path.Combine(folder, $"{benchmark}-{slug}{(effort.IsQuick ? "-quick" : "")}.csv");
        File.WriteAllLines(
            file,
            [
                $"# {Machine.Describe()}",
                $"# {Versions}",
                $"# dotnet run --project benchmarks -c Release -- {benchmark}{(effort.IsQuick ? " --quick" : "")}; "
                    + $"{DateTimeOffset.UtcNow:yyyy-MM-dd}",
                $"# {ResultLine}",
                string.Join(',', columns),
                .. _rows,
            ]
        );
        if (_plot is not null)
            File.WriteAllText(Path.ChangeExtension(file, ".svg"), _plot.Figure().StandaloneSvg());
        return file;
    }
}
