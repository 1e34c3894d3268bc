using System.Data.Common;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Storage;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Postgres;
using ComodCluster.TestInfrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace ComodCluster.Grains.Tests.Storage.Catalog;

public sealed class PostgresCatalogTests(PostgresFixture postgres) : CatalogCompliance
{
    private protected override async Task<TestCatalog> NewCatalog() => new(await postgres.NewDatabase());

    [Fact]
    public async Task Open_WrongPassword_SaysWhatToCorrectAndNotThePassword()
    {
        var connection = new NpgsqlConnectionStringBuilder(await postgres.NewDatabase())
        {
            Password = "guessed",
        }.ToString();
        using var catalog = new CatalogDatabase(new PostgresCatalog(connection));

        var refusal = await Assert.ThrowsAsync<InputException>(() => catalog.Open(Stop));

        Assert.Equal("database-refused", refusal.Code);
        Assert.Contains("password", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("guessed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NoSuchDatabase_SaysSo()
    {
        var connection = new NpgsqlConnectionStringBuilder(await postgres.NewDatabase())
        {
            Database = "nobody",
        }.ToString();
        using var catalog = new CatalogDatabase(new PostgresCatalog(connection));

        var refusal = await Assert.ThrowsAsync<InputException>(() => catalog.Open(Stop));

        Assert.Contains("'nobody'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NobodyListens_SaysWhere()
    {
        using var catalog = new CatalogDatabase(
            new PostgresCatalog("Host=127.0.0.1;Port=1;Database=d;Username=u;Password=p")
        );

        var refusal = await Assert.ThrowsAsync<InputException>(() => catalog.Open(Stop));

        Assert.Equal("database-unreachable", refusal.Code);
        Assert.Contains("127.0.0.1:1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ConnectionsCutByTheServer_GoesOnByItself()
    {
        var stored = await Catalog.Create("a", "one");
        await Catalog.Database.Read(
            (rows, stop) =>
                rows.Database.ExecuteSqlRawAsync(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
                        + "pid <> pg_backend_pid()",
                    stop
                ),
            Stop
        );

        await stored.Save(stored.Value! with { Reason = "written" }, AlongWrite.Nothing, Stop);

        Assert.Equal("a", await Catalog.Reader.FindUid(ObjectKind.Dataset, TestCatalog.Tenant, "one", Stop));
    }

    [Fact]
    public async Task Read_CancelledWhileTheServerWorks_IsCancelledAndNoFault()
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        soon.CancelAfter(TimeSpan.FromMilliseconds(200));
        await Catalog.Database.Open(Stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Catalog.Database.Read(
                (rows, stop) => rows.Database.ExecuteSqlRawAsync("SELECT pg_sleep(30)", stop),
                soon.Token
            )
        );
    }

    [Fact]
    public void Validate_ConnectionStringThatIsNone_SaysSoWithoutRepeatingIt()
    {
        var refusal = new StorageOptionsValidator().Validate(
            null,
            new StorageOptions
            {
                Directory = "d",
                Blobs = "b",
                Database = "postgres://u:s3cret@h/db?sslmode=require",
            }
        );

        Assert.Contains("Comod:Database", refusal.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refusal.FailureMessage, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_AnswerToTheCommitLost_IsUnavailableAndReadAgain(bool committed)
    {
        var lost = new LostCommit();
        using var catalog = new TestCatalog(await postgres.NewDatabase(), lost);
        var stored = await catalog.Create("a", "one");
        lost.Next = committed ? LostCommit.When.After : LostCommit.When.Before;

        var refusal = await Assert.ThrowsAsync<ComodException>(() =>
            stored.Save(stored.Value! with { Reason = "written" }, AlongWrite.Nothing, Stop)
        );

        Assert.Equal(ErrorCodes.StorageUnavailable, refusal.Code);
        Assert.Equal(committed ? "written" : null, stored.Value!.Reason);
        await stored.Save(stored.Value with { Reason = "again" }, AlongWrite.Nothing, Stop);
        Assert.Equal("again", stored.Value.Reason);
    }

    [Fact]
    public async Task Write_ServerAwayAndBack_IsUnavailableMeanwhile()
    {
        await using var server = await TestServers.Postgres();
        using var catalog = new TestCatalog(await server.NewDatabase());
        var stored = await catalog.Create("a", "one");
        await server.Kill();

        var refusal = await Assert.ThrowsAsync<ComodException>(() =>
            stored.Save(stored.Value! with { Reason = "lost" }, AlongWrite.Nothing, Stop)
        );

        Assert.Equal((ErrorCodes.StorageUnavailable, 503), (refusal.Code, refusal.Status));
        await server.Start();
        await stored.Load(Stop);
        Assert.Null(stored.Value!.Reason);
        await stored.Save(stored.Value with { Reason = "written" }, AlongWrite.Nothing, Stop);
    }

    private sealed class LostCommit : DbTransactionInterceptor
    {
        public enum When
        {
            Never,
            Before,
            After,
        }

        public When Next { get; set; }

        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction,
            TransactionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default
        )
        {
            var when = Next;
            Next = When.Never;
            if (when == When.After)
                await transaction.CommitAsync(cancellationToken);
            return when == When.Never
                ? result
                : throw new NpgsqlException("The connection is lost.", new IOException("Broken pipe."));
        }
    }
}
