using System.Net;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Process;

/// <summary>
/// The data directory of a silo that was killed: the task <c>parts</c> with two versions, of which the second is
/// active.
/// </summary>
public sealed class UsedDirectory : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    /// <summary>Digests of the blobs.</summary>
    public string Weights { get; private set; } = "";

    public string SecondState { get; private set; } = "";

    /// <summary>What the first version answers to <see cref="Asked"/>.</summary>
    public IReadOnlyList<float> FirstAnswer { get; private set; } = [];

    public static byte[] Asked => TinyWorld.Png(1, 90);

    public async ValueTask InitializeAsync()
    {
        await using var silo = await SiloProcess.Ready(_folder.Path);
        var client = silo.Client;
        await client.PutTinyTask("parts");
        await client.Adapted("parts", new AdaptRequest());
        FirstAnswer = (await client.Predicted("parts", Asked)).Predictions.Single().Probabilities;
        await client.Adapted("parts", new AdaptRequest { Seeds = [1] });
        await (await client.PostJson("/v1/tasks/parts/activate", new ActivateRequest(2))).ShouldBe<TaskInfo>(
            HttpStatusCode.OK
        );
        Weights = (await client.Get<BackboneInfo>("/v1/backbones/parts")).Digest!;
        SecondState = (await client.Get<IReadOnlyList<VersionInfo>>("/v1/tasks/parts/versions"))
            .Single(v => v.Version == 2)
            .Digest;
        await silo.Kill();
    }

    /// <summary>A copy of its own for a test.</summary>
    internal TempFolder Copy()
    {
        var copy = new TempFolder();
        foreach (var file in _folder.Files())
            File.Copy(Path.Combine(_folder.Path, file), copy.File(file));
        return copy;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
