using ComodCluster.Cli.Tests.Commands;
using ComodCluster.Lab.Reproduce;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Lab.Tests.Reproduce;

public sealed class ReproduceCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Names => [.. Reproductions.All.Select(known => known.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Names))]
    public async Task Run_QuickForm_WritesItsResultsAndThenComputesNothingAnew(string name)
    {
        string[] line = ["reproduce", name, "--quick", "--results", _folder.Path];
        Assert.Equal(0, await LabRoot.Run(line, SilentTerminal.Of(out _)));
        var csv = await File.ReadAllLinesAsync(
            Path.Combine(_folder.Path, $"{name}-quick.csv"),
            TestContext.Current.CancellationToken
        );
        var rows = csv.Where(row => row[0] != '#').Skip(1).Select(row => row.Split(',')).ToArray();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.InRange(double.Parse(row[4]), double.Parse(row[5]), double.Parse(row[6])));
        Assert.NotEmpty(Directory.GetFiles(_folder.Path, "*.svg"));

        Assert.Equal(0, await LabRoot.Run(line, SilentTerminal.Of(out var error)));
        Assert.Contains("nothing is computed anew", error.ToString());
        Assert.Equal(
            csv.Where(row => row[0] != '#'),
            File.ReadAllLines(Path.Combine(_folder.Path, $"{name}-quick.csv")).Where(row => row[0] != '#')
        );
    }

    [Fact]
    public async Task Run_PartsThenWithoutShard_ConcludesAsOneWholeRun()
    {
        string[] whole = ["reproduce", "neurips-decoding", "--quick", "--results", Path.Combine(_folder.Path, "whole")];
        Assert.Equal(0, await LabRoot.Run(whole, SilentTerminal.Of(out _)));

        string[] shared = [.. whole[..^1], Path.Combine(_folder.Path, "shared")];
        foreach (var part in new[] { "2/2", "1/2" })
        {
            var terminal = SilentTerminal.Of(out _);
            Assert.Equal(0, await LabRoot.Run([.. shared, "--shard", part, "-o", "json"], terminal));
            Assert.Contains($"\"{part}\"", terminal.Raw.ToString());
        }
        Assert.Equal(
            ["neurips-decoding-quick.1-of-2.journal.jsonl", "neurips-decoding-quick.2-of-2.journal.jsonl"],
            Directory.GetFiles(shared[^1]).Select(Path.GetFileName).Order()
        );
        Assert.Equal(0, await LabRoot.Run(shared, SilentTerminal.Of(out var error)));
        Assert.Contains("nothing is computed anew", error.ToString());
        Assert.Equal(Lines(whole[^1]), Lines(shared[^1]));

        // Seconds differ from run to run.
        static IEnumerable<string> Lines(string folder) =>
            File.ReadAllLines(Path.Combine(folder, "neurips-decoding-quick.csv"))
                .Where(line => !line.StartsWith("# the cells took", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WithoutName_ListsAll()
    {
        var terminal = SilentTerminal.Of(out _);
        Assert.Equal(0, await LabRoot.Run(["reproduce", "-o", "json"], terminal));
        Assert.All(Reproductions.All, known => Assert.Contains(known.Name, terminal.Raw.ToString()));
    }

    [Theory, MemberData(nameof(Names))]
    public void Create_EveryForm_HasCellsOfDifferentKeysAndConstantsOfDifferentNames(string name)
    {
        foreach (var quick in new[] { true, false })
        {
            var reproduction = Reproductions.Find(name).Create(new(quick));
            Assert.Distinct(reproduction.Cells.Select(cell => cell.Key));
            Assert.Distinct(reproduction.Constants.Select(constant => constant.Name));
            Assert.All(reproduction.Constants, constant => Assert.NotEmpty(constant.Source));
        }
    }
}
