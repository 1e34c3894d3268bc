using System.Text.RegularExpressions;
using ComodCluster.Api;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Silo.Tests.Process;

/// <summary>A catalog that is gone while its blobs are there: nobody serves an empty list from it.</summary>
public partial class LostCatalogTests(UsedDirectory used) : IClassFixture<UsedDirectory>
{
    [Fact]
    public async Task Start_CatalogGone_OneSentenceUntilItsNumberIsAccepted()
    {
        using var folder = used.Copy();
        foreach (var file in Directory.GetFiles(folder.Path, "catalog.db*"))
            File.Delete(file);

        var refused = await SiloProcess.Fails("--data-dir", folder.Path, "--port", "0");

        SiloProcess.OneSentence(refused, 1, "has blobs of another one", "this catalog is empty", "comod restore");
        Assert.Empty(Directory.GetFiles(folder.Path, "catalog.db*"));
        var number = Number().Match(refused.Errors).Groups[1].Value;
        await using var accepted = await SiloProcess.Ready(folder.Path, "--accept-lost-writes", number);
        Assert.Empty((await accepted.Client.Get<Page<TaskInfo>>("/v1/tasks")).Items);
    }

    [GeneratedRegex(@"--accept-lost-writes (\d+)\.$")]
    private static partial Regex Number();
}
