using System.Globalization;
using ComodCluster.Infrastructure;
using ComodCluster.Infrastructure.Journals;
using ComodCluster.Lab.Reproduce;

namespace ComodCluster.Lab.Tests.Reproduce;

/// <summary>The studies still compute what <c>docs/results</c> says.</summary>
public class PublishedLinesTests
{
    [Fact]
    public Task NeuripsDecoding_LearningCurve_HasThePublishedAccuracies() =>
        // Vector units of another width round otherwise: a decision or two of 25,000 tips over.
        Has(
            "neurips-decoding",
            cell => cell.StartsWith("trials ", StringComparison.Ordinal),
            lines: 80,
            tolerance: 5e-4
        );

    [Fact(Explicit = true), Trait("Category", "Long")]
    public Task NatureFig5_Pretraining_HasThePublishedAccuracies() =>
        Has("nature-fig5", cell => cell.StartsWith("pretraining", StringComparison.Ordinal), lines: 3, tolerance: 0.01);

    /// <param name="lines">Lines of the table that the cells give.</param>
    private static async Task Has(string name, Func<string, bool> cells, int lines, double tolerance)
    {
        await using var reproduction = Reproductions.Find(name).Create(new(Quick: false));
        var observations = new List<Observation>();
        foreach (var cell in reproduction.Cells.Where(cell => cells(cell.Key)))
            observations.AddRange(await cell.Run(TestContext.Current.CancellationToken));

        var published = File.ReadLines(Repository.At($"docs/results/{name}.csv"))
            .Where(line => line[0] != '#')
            .Skip(1)
            .Select(line => line.Split(','))
            .ToDictionary(
                line => (line[0], line[1], line[2]),
                line => double.Parse(line[4], CultureInfo.InvariantCulture)
            );
        var rows = ResultRow.Of(observations);
        Assert.Equal(lines, rows.Count);
        Assert.All(rows, row => Assert.Equal(published[(row.Study, row.Arm, $"{row.X:0.####}")], row.Mean, tolerance));
    }
}
