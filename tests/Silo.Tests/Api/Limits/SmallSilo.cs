using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Api.Limits;

/// <summary>A silo whose limits are the smallest, with the task <c>parts</c>. Its tests run one after
/// another.</summary>
[CollectionDefinition(Name)]
public sealed class SmallSilo : ICollectionFixture<SmallSilo>, IAsyncLifetime
{
    public const string Name = "small silo";

    /// <summary>What it holds of bodies.</summary>
    public const int BodyBytes = 300_000;

    private readonly TempFolder _folder = new();
    private SiloProcess? _silo;

    public HttpClient Client => _silo!.Client;

    public async ValueTask InitializeAsync()
    {
        _silo = await SiloProcess.Ready(
            _folder.Path,
            "--Comod:Admission:Uploads=1",
            "--Comod:Admission:WaitingJobs=1",
            "--Comod:AdaptationsAtOnce=1",
            "--Comod:Admission:BodyGraceSeconds=0.5",
            "--Comod:Admission:BodyBytesPerSecond=50000",
            $"--Comod:Admission:BodyBytes={BodyBytes}",
            $"--Comod:Uploads:PredictBytes={BodyBytes}"
        );
        await Client.PutTinyTask("parts");
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
            await _silo.DisposeAsync();
        _folder.Dispose();
    }
}
