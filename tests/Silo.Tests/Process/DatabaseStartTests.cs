using System.Net;
using System.Net.Sockets;
using ComodCluster.Api;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Hosting;
using ComodCluster.TestInfrastructure;
using Npgsql;

namespace ComodCluster.Silo.Tests.Process;

/// <summary>
/// A silo whose database, address or folder of blobs is not what it should be: it ends with one sentence, and never
/// looks ready.
/// </summary>
public class DatabaseStartTests(PostgresFixture postgres, UsedDatabase used) : IClassFixture<UsedDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Port=1", "cannot be reached", "127.0.0.1:1", "correct host and port in Comod:Database")]
    [InlineData("Host=nobody.invalid", "has no address", "nobody.invalid", "correct the host in Comod:Database")]
    [InlineData("Database=nobody", "There is no database 'nobody'", "create it")]
    [InlineData("Password=guessed", "refuses the login", "correct user and password in Comod:Database")]
    [InlineData("SSL Mode=Require", "cannot be used (SSL connection requested", "correct Comod:Database")]
    [InlineData("Nonsense=1", "Comod:Database is no connection string", "Host=")]
    public async Task Start_DatabaseOfThisKind_OneSentenceWithTheSettingAndWithoutThePassword(
        string change,
        params string[] named
    )
    {
        using var folder = new TempFolder();
        SiloProcess.OneSentence(
            await SiloProcess.Fails(Arguments(folder, await postgres.NewDatabase() + ";" + change)),
            1,
            named
        );
    }

    [Fact]
    public async Task Start_UserWhoMayNotCreateTables_OneSentenceWithTheRightThatIsMissing()
    {
        using var folder = new TempFolder();
        var database = await postgres.NewDatabase();
        await Run(database, "DROP ROLE IF EXISTS poor", "CREATE ROLE poor LOGIN PASSWORD 'not-secret'");
        SiloProcess.OneSentence(
            await SiloProcess.Fails(Arguments(folder, database + ";Username=poor")),
            1,
            "permission denied for schema public",
            "grant it the right to create"
        );
    }

    [Theory]
    [InlineData("ALTER DATABASE {0} SET default_transaction_read_only = on", "can only be read")]
    [InlineData(
        "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Future', '99.0.0')",
        "written by a later version",
        "29990101000000_Future",
        "another database"
    )]
    [InlineData(
        "UPDATE comod_cluster SET id = 'theirs'",
        "belongs to the cluster 'theirs', not to 'comod'",
        "Comod:Cluster:Id=theirs"
    )]
    [InlineData(
        "UPDATE comod_cluster SET blobs = 'mark-of-another'",
        "The folder of the blobs",
        "mark-of-another",
        "correct Comod:Blobs"
    )]
    public async Task Start_DatabaseThatWasUsedBefore_OneSentence(string change, params string[] named)
    {
        var database = await used.Copy();
        await Run(
            database,
            string.Format(
                System.Globalization.CultureInfo.InvariantCulture,
                change,
                new NpgsqlConnectionStringBuilder(database).Database
            )
        );
        SiloProcess.OneSentence(await SiloProcess.Fails(Arguments(used.Folder, database)), 1, named);
    }

    [Fact]
    public async Task Start_FolderOfBlobsThatIsNotTheClusters_OneSentence()
    {
        using var folder = new TempFolder();
        var (database, other) = (await postgres.NewDatabase(), await postgres.NewDatabase());
        await using (var first = await SiloProcess.Ready(folder.Path, Settings(folder, database)))
        {
            // A second silo with its own data directory, as on another machine where nothing is mounted at the folder
            // of the blobs.
            using var bare = new TempFolder();
            SiloProcess.OneSentence(
                await SiloProcess.Fails(Arguments(bare, database)),
                1,
                $"The folder of the blobs '{BlobsOf(bare)}'",
                "is missing",
                "mount the folder"
            );
            SiloProcess.OneSentence(
                await SiloProcess.Fails([.. Arguments(folder, database), "--Comod:Cluster:Name=second"]),
                1,
                $"The data directory '{folder.Path}' is in use"
            );
            Assert.Equal(0, await first.Terminate());
        }
        // Another cluster would sweep this one's blobs away.
        SiloProcess.OneSentence(
            await SiloProcess.Fails(Arguments(folder, other)),
            1,
            "The folder of the blobs",
            "blobs of another one",
            "Comod:Blobs"
        );
    }

    [Fact]
    public async Task Start_FolderOfBlobsThatCanOnlyBeRead_OneSentence()
    {
        using var mount = SmallMount.OrSkip("ro");
        using var folder = new TempFolder();
        SiloProcess.OneSentence(
            await SiloProcess.Fails([
                .. Arguments(folder, await postgres.NewDatabase()),
                $"--Comod:Blobs={mount.Path}",
            ]),
            1,
            $"The folder of the blobs '{mount.Path}' cannot be written",
            "Comod:Blobs"
        );
    }

    [Theory]
    [InlineData("Comod:SiloPort")]
    [InlineData("Comod:GatewayPort")]
    public void Build_PortOfAnotherProcess_NamesPortAndSetting(string setting)
    {
        using var folder = new TempFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        string[] alone = ["--data-dir", folder.Path, "--port", "0", $"--{setting}={port}"];
        foreach (
            var arguments in new[]
            {
                alone,
                [.. alone, "--Comod:Database=Host=127.0.0.1;Database=d", $"--Comod:Blobs={folder.Path}"],
            }
        )
            Assert.Equal(
                $"Port {port} of {setting} is in use by another process; set another one, or 0 for a free one.",
                Assert.Throws<StartupException>(() => SiloHost.Build(arguments)).Message
            );
    }

    [Fact]
    public void Build_AddressOfAnotherMachine_NamesTheSetting()
    {
        using var folder = new TempFolder();
        string[] arguments =
        [
            .. Arguments(folder, "Host=127.0.0.1;Database=d"),
            "--Comod:Cluster:Address=192.0.2.99",
            "--Comod:Cluster:Unencrypted=true",
        ];
        Assert.StartsWith(
            "192.0.2.99 is no address of this machine; set Comod:Cluster:Address",
            Assert.Throws<StartupException>(() => SiloHost.Build(arguments)).Message
        );
    }

    [Fact]
    public async Task Ready_DatabaseAwayAndBack_IsNotReadyMeanwhileAndTellsClientsNothingOfTheServer()
    {
        await using var server = await TestServers.Postgres();
        using var folder = new TempFolder();
        var database = await server.NewDatabase();
        await using var silo = await SiloProcess.Ready(folder.Path, Settings(folder, database));
        await silo.Client.PutTinyTask("kept");

        await server.Kill();
        var details = new List<string>
        {
            await (await silo.Client.GetAsync("/health/ready", Cancellation)).ShouldBeProblem(
                HttpStatusCode.ServiceUnavailable,
                "starting-up"
            ),
            await (await silo.Client.GetAsync("/v1/tasks", Cancellation)).ShouldBeProblem(
                HttpStatusCode.ServiceUnavailable,
                ErrorCodes.StorageUnavailable
            ),
            await (await silo.Client.PostJson("/v1/tasks/kept/activate", new { version = 1 })).ShouldBeProblem(
                HttpStatusCode.ServiceUnavailable,
                ErrorCodes.StorageUnavailable
            ),
        };
        Assert.Equal(HttpStatusCode.OK, (await silo.Client.GetAsync("/health/live", Cancellation)).StatusCode);
        await server.Start();

        var settings = new NpgsqlConnectionStringBuilder(database);
        Assert.All(
            details,
            detail =>
                Assert.All(
                    new[]
                    {
                        "127.0.0.1",
                        $"{settings.Port}",
                        settings.Database!,
                        settings.Username!,
                        settings.Password!,
                    },
                    secret => Assert.DoesNotContain(secret, detail)
                )
        );
        Assert.Equal(HttpStatusCode.OK, (await silo.Client.GetAsync("/health/ready", Cancellation)).StatusCode);
        Assert.Equal("kept", (await silo.Client.Get<ComodCluster.Api.Tasks.TaskInfo>("/v1/tasks/kept")).Spec.Name);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("2")] // while it joined
    public async Task Start_AfterTheSiloOfThatNameWasKilled_DeclaresItDeadAndWaitsForNobody(string killedAs)
    {
        using var folder = new TempFolder();
        var database = await postgres.NewDatabase();
        await (await SiloProcess.Ready(folder.Path, Settings(folder, database))).DisposeAsync();
        Assert.Equal(["3"], await Statuses());
        await Run(database, $"UPDATE orleansmembershiptable SET status = {killedAs}");

        // Without that it waits here until the last sign of life is fifteen seconds old.
        await using var again = await SiloProcess.Ready(folder.Path, Settings(folder, database));
        Assert.Equal(["6", "3"], await Statuses());

        async Task<string[]> Statuses()
        {
            await using var source = NpgsqlDataSource.Create(database);
            await using var command = source.CreateCommand(
                "SELECT string_agg(status::text, ',' ORDER BY generation) FROM orleansmembershiptable"
            );
            return ((string)(await command.ExecuteScalarAsync(Cancellation))!).Split(',');
        }
    }

    private static string BlobsOf(TempFolder folder) => Path.Combine(folder.Path, "shared");

    internal static string[] Settings(TempFolder folder, string database) =>
        [$"--Comod:Database={database}", $"--Comod:Blobs={BlobsOf(folder)}", "--Comod:Cluster:Name=first"];

    private static string[] Arguments(TempFolder folder, string database) =>
        ["--data-dir", folder.Path, "--port", "0", "--device", "cpu", "--threads", "1", .. Settings(folder, database)];

    private static async Task Run(string database, params string[] statements)
    {
        await using var source = NpgsqlDataSource.Create(database);
        foreach (var statement in statements)
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }
}
