using System.Net;
using ComodCluster.Api.Cluster;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Silo.Hosting;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ComodCluster.Silo.Tests.Cluster;

/// <summary>A build that knows a second format joins silos that do not.</summary>
public class UpgradeTests(PostgresFixture postgres)
{
    private static readonly FormatRequest Second = new() { Format = 2 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RaiseFormat_BesideAnOlderBuild_WaitsUntilThatIsGoneAndKeepsItOut()
    {
        var database = await postgres.NewDatabase();
        await using var cluster = await TestCluster.Start(database, workers: 1);
        using var folder = new TempFolder();
        await using var next = SiloHost.Build(
            [
                "--data-dir",
                folder.Path,
                "--port",
                "0",
                "--device",
                "cpu",
                "--threads",
                "1",
                .. cluster.Settings("next", "worker,gateway"),
            ],
            new FormatRange(1, 2)
        );
        await next.StartAsync(Cancellation);
        using var client = new HttpClient
        {
            BaseAddress = new Uri(
                next.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
            ),
        };

        // Both kinds of silo see what the other announces.
        foreach (var asked in new[] { client, cluster.Client })
        {
            var mixed = await TestCluster.Until(
                () => asked.Get<ClusterInfo>("/v1/cluster"),
                c => c.Silos.Any(s => s is { Name: "next", Newest: 2 })
            );
            Assert.Equal((1, 1), (mixed.Format, mixed.Newest));
            Assert.Equal([("gateway", 1), ("next", 2), ("worker-1", 1)], mixed.Silos.Select(s => (s.Name, s.Newest)));
        }
        var refusal = await (await client.PostJson("/v1/cluster/format", Second)).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "format-unreadable"
        );
        Assert.Contains("'gateway'", refusal);
        await (await cluster.Client.PostJson("/v1/cluster/format", Second)).ShouldBeProblem(
            HttpStatusCode.Conflict,
            "format-unreadable"
        );

        await cluster.Gateway.Terminate();
        await cluster.Workers["worker-1"].Terminate();
        await TestCluster.Until(
            () => client.PostJson("/v1/cluster/format", Second with { DryRun = true }),
            r => r.StatusCode == HttpStatusCode.OK
        );
        var dry = await client.Get<ClusterInfo>("/v1/cluster");
        Assert.Equal((1, 2), (dry.Format, dry.Newest));
        Assert.Equal(
            2,
            (
                await (await client.PostJson("/v1/cluster/format", Second)).ShouldBe<ClusterInfo>(HttpStatusCode.OK)
            ).Format
        );

        Assert.Equal(2, (await client.Get<ClusterInfo>("/v1/cluster")).Format);
        await client.PutTinyTask("parts");
        Assert.Single((await client.Predicted("parts", TinyWorld.Png(0, 90))).Predictions);
        await using (var source = NpgsqlDataSource.Create(database))
        await using (
            var formats = source.CreateCommand("SELECT count(*) FROM objects WHERE name = 'parts' AND schema = 2")
        )
            Assert.Equal(3L, await formats.ExecuteScalarAsync(Cancellation));
        await (await client.PostJson("/v1/cluster/format", new FormatRequest { Format = 1 })).ShouldBeProblem(
            HttpStatusCode.UnprocessableEntity,
            "request-invalid"
        );
        using var late = new TempFolder();
        var (exit, sentence) = await SiloProcess.Fails([
            "--data-dir",
            late.Path,
            "--port",
            "0",
            .. cluster.Settings("late", "worker"),
        ]);
        Assert.Equal(
            (
                1,
                "comod silo: The cluster stores records in format 2 and this build knows the formats 1-1; start the "
                    + "build that the other silos have."
            ),
            (exit, sentence)
        );
        await next.StopAsync(Cancellation);
    }
}
