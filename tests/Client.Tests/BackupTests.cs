using ComodCluster.Api.Backups;

namespace ComodCluster.Client.Tests;

public class BackupTests
{
    private static readonly BackupRequest Asked = new() { Directory = "/mnt/backup" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_ToItsEnd_TellsEachState()
    {
        var server = new ScriptedServer().Events(
            ("progress", State("catalog")),
            ("novelty", "{}"),
            ("progress", State("blobs")),
            ("done", State("done"))
        );
        using var client = server.Client();

        var states = await client.Backups.Run(Asked, Stop).ToListAsync(Stop);

        Assert.Equal([BackupPhase.Catalog, BackupPhase.Blobs, BackupPhase.Done], states.Select(s => s.Phase));
        Assert.Equal("/v1/backups", Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task Run_Failed_ThrowsItsReason()
    {
        var server = new ScriptedServer().Events(
            ("failed", State("failed", """{"code":"storage-full","message":"The disk is full."}"""))
        );
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ComodApiException>(async () =>
            await client.Backups.Run(Asked, Stop).ToListAsync(Stop)
        );

        Assert.Equal(("storage-full", "The disk is full."), (failure.Code, failure.Detail));
    }

    [Fact]
    public async Task Run_SiloGoes_IsNoBackup()
    {
        using var client = new ScriptedServer().Events(("progress", State("blobs"))).Client();

        var failure = await Assert.ThrowsAsync<ComodApiException>(async () =>
            await client.Backups.Run(Asked, Stop).ToListAsync(Stop)
        );

        Assert.Equal(ComodApiException.Unreachable, failure.Code);
    }

    private static string State(string phase, string error = "null") =>
        $$"""{"directory":"/mnt/backup","number":1,"phase":"{{phase}}","lost":[],"error":{{error}}}""";
}
