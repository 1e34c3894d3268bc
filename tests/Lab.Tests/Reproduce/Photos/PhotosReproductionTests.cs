using ComodCluster.Cli.Tests.Commands;
using ComodCluster.Infrastructure.Journals;
using ComodCluster.Lab.Photos;
using ComodCluster.Lab.Reproduce.Photos;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Lab.Tests.Reproduce.Photos;

/// <summary>Its quick form is in <see cref="ReproduceCommandTests"/>.</summary>
public sealed class PhotosReproductionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tasks_Reported_AreThirtyOrMoreOfTwoToTwentyClassesAndNoneIsThereTwice()
    {
        var tasks = PhotoTasks.Of(PhotoRole.Reported);

        Assert.True(tasks.Count >= 30);
        Assert.Equal(Enumerable.Range(0, tasks.Count), tasks.Select(task => task.Number));
        Assert.Equal(2, tasks.Min(task => task.Classes.Count));
        Assert.Equal(20, tasks.Max(task => task.Classes.Count));
        Assert.Distinct(tasks.Select(task => $"{task.DomainName}: {string.Join(' ', task.Classes)}"));
        Assert.All(tasks, task => Assert.Equal(PhotoRole.Reported, task.Domain!.Role));
        Assert.Equal(PhotoDomains.All.Count - 3, tasks.Select(task => task.Domain).Distinct().Count());
    }

    [Theory]
    [InlineData(0.005, 0.02, true, true)]
    [InlineData(-0.004, 0.02, true, true)]
    [InlineData(-0.006, 0.02, false, true)]
    [InlineData(0.005, -0.02, false, false)]
    public void Criteria_DifferencesToTheReadout_HoldWithinWhatIsTolerated(
        double inOne,
        double inOther,
        bool notBehind,
        bool inNoDomain
    )
    {
        PhotoTask[] tasks = [new(PhotoDomains.Find("tiles"), 0, []), new(PhotoDomains.Find("waste"), 1, [])];
        Observation[] observations =
        [
            At("readout", 0, 0.8),
            At("readout", 1, 0.8),
            At("comodulation", 0, 0.8 + inOne),
            At("comodulation", 1, 0.8 + inOther),
        ];

        var criteria = new PhotosVerdict(observations, tasks).Criteria("net").ToArray();

        Assert.Equal([notBehind, inNoDomain], criteria.Select(criterion => criterion.Holds));

        static Observation At(string arm, int task, double accuracy) =>
            new("net: accuracy", arm, 5, 0, accuracy) { Task = task };
    }

    [Theory]
    [InlineData("photos", "", 2, "give --photos a folder with the archives")]
    [InlineData("photos", "--photos missing", 2, "There is no folder")]
    [InlineData("photos", "--photos .", 2, "There is no tiles.zip in")]
    [InlineData("images", "--photos .", 2, "'images' does not run on photos: leave --photos out")]
    public async Task Run_WithoutItsPhotos_SaysWhereTheyComeFrom(string name, string option, int code, string expected)
    {
        string[] photos = [.. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        if (photos is [_, var folder])
            photos[1] = _folder.File(folder);
        string[] line = ["reproduce", name, "--results", _folder.File("results"), "--only", "tiles", .. photos];

        Assert.Equal(code, await LabRoot.Run(line, SilentTerminal.Of(out var error)));
        Assert.Contains(expected, error.ToString());
    }
}
