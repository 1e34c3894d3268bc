using System.Net;
using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Grains.Backbones.BuiltIn;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Silo.Tests.Api.Backbones;

/// <summary>What ships with the silo costs nothing until somebody names it.</summary>
public class BuiltInBackboneTests(RunningSilo silo)
{
    private const string Name = BackboneNames.Default;

    private readonly HttpClient _client = silo.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Default_FromTheFirstTaskThatNamesNoBackboneToItsDeletion()
    {
        var available = Assert.Single(await Listed(), b => b.Name == Name);
        Assert.Equal((BackbonePhase.Available, 512, 224, null), Seen(available));
        Assert.Null(await Uid());
        Assert.Contains(
            Name,
            (await _client.Get<Page<BackboneInfo>>("/v1/backbones?phase=available")).Items.Select(b => b.Name)
        );
        await (await _client.DeleteAsync($"/v1/backbones/{Name}", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
        Assert.Null((await _client.PutDataset("built-in", TinyWorld.Archive())).Error);

        // Eight at once: it is made and registered once.
        var tasks = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async i =>
                    await (
                        await _client.PostText("/v1/tasks", $$"""{"name":"built-in-{{i}}","dataset":"built-in"}""")
                    ).ShouldBe<TaskInfo>(HttpStatusCode.Created)
                )
        );
        Assert.All(tasks, task => Assert.Equal((Name, ReadoutMode.Own), (task.Spec.Backbone, task.Readout)));
        var ready = Assert.Single(await Listed(), b => b.Name == Name);
        Assert.Equal(
            (BackbonePhase.Ready, 512, 224, "d8ff4c9b988eb6a8b238120a3e01ebb1f11036ec1ccb99e84093e076eead5d30"),
            Seen(ready)
        );
        Assert.Equal((available.Parameters, available.Cuts.Count), (ready.Parameters, ready.Cuts.Count));
        Assert.Equal(available.Notes, ready.Notes);
        Assert.Empty(ready.Classes);
        await (
            await _client.PutAsync($"/v1/backbones/{Name}", SiloCalls.Bytes(TinyWorld.Weights), Cancellation)
        ).ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");

        foreach (var task in tasks)
            await _client.DeleteAsync($"/v1/tasks/{task.Spec.Name}", Cancellation);
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await _client.DeleteAsync($"/v1/backbones/{Name}", Cancellation)).StatusCode
        );
        Assert.Equal(BackbonePhase.Available, Assert.Single(await Listed(), b => b.Name == Name).Phase);
    }

    [Fact]
    public async Task Get_BuiltInName_RegistersIt()
    {
        var scenes = await _client.Get<BackboneInfo>("/v1/backbones/scenes");

        Assert.Equal((BackbonePhase.Ready, 10), (scenes.Phase, scenes.Classes.Count));
        Assert.Equal(scenes, Assert.Single(await Listed(), b => b.Name == "scenes"), Same);

        static bool Same(BackboneInfo one, BackboneInfo other) => one.Uid == other.Uid && one.Digest == other.Digest;
    }

    [Fact]
    public async Task List_PageByPage_HasEachBackboneOnce()
    {
        var names = new List<string>();
        for (string? after = "", path; after is not null; )
        {
            path = $"/v1/backbones?limit=1{(after.Length > 0 ? $"&after={after}" : "")}";
            var page = await _client.Get<Page<BackboneInfo>>(path);
            names.Add(Assert.Single(page.Items).Name);
            after = page.Next;
        }

        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
        Assert.Superset(new HashSet<string> { Name, "scenes", "cifar10-objects" }, names.ToHashSet());
    }

    [Fact]
    public async Task Register_WhereTheFileIsMissingOrDamaged_SaysSoAndTriesAgain()
    {
        using var folder = new TempFolder();
        var tenant = new TenantName("without");
        var without = Of(folder);
        Assert.Null(await without.Register(tenant, Name, Cancellation));
        Assert.Empty((await without.List(tenant, null, null, 10, Cancellation)).Items);
        Assert.Contains("was built without the backbone", BuiltInBackbones.NotFound(Name).Message);
        Assert.Contains("There is no backbone named 'other'", BuiltInBackbones.NotFound("other").Message);

        var file = folder.File($"{Name}.onnx");
        await File.WriteAllTextAsync(file, "damaged", Cancellation);
        var damaged = Of(folder);
        var refusal = await Assert.ThrowsAsync<ComodException>(() => damaged.Register(tenant, Name, Cancellation));
        Assert.Equal((ErrorCodes.BlobDamaged, 503), (refusal.Code, refusal.Status));
        Assert.Contains("was changed: its SHA-256 is", refusal.Message);

        File.Copy(Path.Combine(BuiltInFiles.Directory, $"{Name}.onnx"), file, overwrite: true);
        var uid = await damaged.Register(tenant, Name, Cancellation);
        Assert.Equal(uid, Assert.Single((await damaged.List(tenant, null, null, 10, Cancellation)).Items).Uid);
    }

    private BuiltInBackbones Of(TempFolder folder) =>
        ActivatorUtilities.CreateInstance<BuiltInBackbones>(silo.Services, new BuiltInFiles(folder.Path));

    private async Task<IReadOnlyList<BackboneInfo>> Listed() =>
        (await _client.Get<Page<BackboneInfo>>("/v1/backbones?limit=1000")).Items;

    private Task<string?> Uid() =>
        silo
            .Services.GetRequiredService<CatalogReader>()
            .FindUid(ObjectKind.Backbone, TenantName.Default, Name, Cancellation);

    private static (BackbonePhase, int, int, string?) Seen(BackboneInfo backbone) =>
        (backbone.Phase, backbone.FeatureWidth, backbone.InputSize, backbone.Digest);
}
