using System.Security.Cryptography;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Backup;
using ComodCluster.Grains.Storage.Catalog.Sqlite;
using ComodCluster.Grains.Tests.Storage.Catalog;
using ComodCluster.TestInfrastructure;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Tests.Storage.Backup;

public sealed class BackupTests(PostgresFixture postgres, S3Fixture s3) : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Backup => Path.Combine(_folder.Path, "backup");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Restore_OnEachDatabase_HasEveryRowAndEveryBlobThatIsNamed(bool fromPostgres, bool toPostgres)
    {
        await using var from = new BackupPlace(fromPostgres ? await postgres.NewDatabase() : null);
        await using var to = new BackupPlace(toPostgres ? await postgres.NewDatabase() : null);
        await from.Fill();

        var state = await from.BackUp(Backup);
        await to.Restore(Backup);

        Assert.Equal((BackupPlace.Named, 1000L * BackupPlace.Named), (state.Blobs, state.Bytes));
        Assert.Empty(state.Lost);
        Assert.Equal(await from.Rows(), await to.Rows());
        var restored = await to.Digests();
        Assert.Equal(BackupPlace.Named, restored.Length);
        foreach (var digest in restored)
            await to.Blobs.ReadAllAsync(TestCatalog.Tenant, digest, Stop);
        await to.Start();
    }

    [Fact]
    public async Task Restore_FromABucketIntoAnother_ReadsPastTheCopiesOfTheSilo()
    {
        var server = await s3.Server;
        await using var from = new BackupPlace(await postgres.NewDatabase(), server);
        await using var to = new BackupPlace(await postgres.NewDatabase(), server);
        await from.Fill();
        Directory.Delete(Path.Combine(from.Data, "blob-cache"), recursive: true);

        Assert.Equal(BackupPlace.Named, (await from.BackUp(Backup)).BlobsCopied);
        Assert.Equal(0, (await from.BackUp(Backup)).BlobsCopied);
        Assert.False(Directory.Exists(Path.Combine(from.Data, "blob-cache")));
        await to.Restore(Backup);

        Assert.Equal(await from.Rows(), await to.Rows());
        Assert.Equal(BackupPlace.Named, (await to.Digests()).Length);
    }

    /// <summary>A table of the model that is not copied would be lost.</summary>
    [Fact]
    public void CatalogRows_Tables_AreThoseOfTheModel()
    {
        using var rows = new SqliteCatalog(_folder.File("model.db")).NewContext();
        Assert.Equal(
            ["jobs", "links", "objects", "versions"],
            rows.Model.GetEntityTypes().Select(type => type.GetTableName()).Order()
        );
    }

    [Fact]
    public async Task Copy_IntoTheSameDirectory_CopiesWhatIsNewAndBothCanBeRestored()
    {
        await using var from = new BackupPlace();
        await using var first = new BackupPlace();
        await using var second = new BackupPlace();
        await from.Fill();

        Assert.Equal(BackupPlace.Named, (await from.BackUp(Backup)).BlobsCopied);
        var before = await from.Rows();
        Assert.Equal((0, 0), (await Copied()));
        await Name(from, "new", await from.Put(9));
        Assert.Equal((1, 1000), (await Copied()));
        await first.Restore(Backup, number: 1);
        await second.Restore(Backup);

        Assert.Equal(before, await first.Rows());
        Assert.Equal(await from.Rows(), await second.Rows());
        Assert.Equal(BackupPlace.Named + 1, (await second.Digests()).Length);

        async Task<(int, long)> Copied()
        {
            var state = await from.BackUp(Backup);
            return (state.BlobsCopied, state.BytesCopied);
        }
    }

    [Fact]
    public async Task Copy_DiskOfTheBackupFull_SaysSoAndTheEarlierOneIsWhole()
    {
        await using var from = new BackupPlace();
        await using var to = new BackupPlace();
        await from.Fill();
        await from.BackUp(Backup);
        var before = await from.Rows();
        await Name(from, "new", await from.Put(9));
        from.Files.BytesLeft = 500;

        var refusal = await Assert.ThrowsAsync<ComodException>(() => from.BackUp(Backup));

        Assert.Equal((ErrorCodes.StorageFull, 507), (refusal.Code, refusal.Status));
        Assert.Contains($"'{Backup}'", refusal.Message, StringComparison.Ordinal);
        await to.Restore(Backup);
        Assert.Equal(before, await to.Rows());
        from.Files.BytesLeft = null;
        Assert.Equal((2, 1), ((await from.BackUp(Backup)) is var state ? (state.Number, state.BlobsCopied) : default));
        Assert.Empty(Directory.GetFiles(Path.Combine(Backup, ".temporary")));
    }

    [Fact]
    public async Task Copy_CutShort_IsNoBackup()
    {
        await using var from = new BackupPlace();
        await from.Fill();
        await using (var run = await from.Source.Begin(Backup, false, Stop))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Copy(new CancellationToken(true)));

        var refusal = Assert.Throws<InputException>(() => BackupRestore.Find(Backup, null));

        Assert.Equal("backup-incomplete", refusal.Code);
        Assert.Equal(1, (await from.BackUp(Backup)).Number);
    }

    [Fact]
    public async Task Copy_FileThatTheClusterHasLost_IsNamedUnlessAnEarlierBackupHasIt()
    {
        await using var from = new BackupPlace();
        await using var to = new BackupPlace();
        await from.Fill();
        await from.BackUp(Path.Combine(_folder.Path, "earlier"));
        Damage(Assert.Single(Directory.GetFiles(from.Data, Digest(1), SearchOption.AllDirectories)));
        File.Delete(Assert.Single(Directory.GetFiles(from.Data, Digest(2), SearchOption.AllDirectories)));

        var state = await from.BackUp(Backup);
        Assert.Equal(["dataset 'parts'", "version 1 of task 'left'"], state.Lost.Order());
        Assert.Empty((await from.BackUp(Path.Combine(_folder.Path, "earlier"))).Lost);

        var refusal = await Assert.ThrowsAsync<InputException>(() => to.Restore(Backup));
        Assert.Equal("backup-damaged", refusal.Code);
        Assert.All(state.Lost, owner => Assert.Contains(owner, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restore_FileOfTheBackupThatChanged_IsRefusedByItsOwnerOrSkippedAndVerifyHeals()
    {
        await using var from = new BackupPlace();
        await using var refused = new BackupPlace();
        await using var without = new BackupPlace();
        await using var healed = new BackupPlace();
        await from.Fill();
        await from.BackUp(Backup);
        Damage(Assert.Single(Directory.GetFiles(Backup, Digest(1), SearchOption.AllDirectories)));

        var refusal = await Assert.ThrowsAsync<InputException>(() => refused.Restore(Backup));
        await without.Restore(Backup, skipsLost: true);
        Assert.Equal(1, (await from.BackUp(Backup, verify: true)).BlobsCopied);
        await healed.Restore(Backup);

        Assert.Equal("backup-damaged", refusal.Code);
        Assert.Contains("dataset 'parts'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(await from.Rows(), await without.Rows());
        Assert.Equal(BackupPlace.Named - 1, (await without.Digests()).Length);
        Assert.Equal(BackupPlace.Named, (await healed.Digests()).Length);
        // The place that was refused is none that a silo starts on.
        Assert.Equal("restore-target", (await Assert.ThrowsAsync<InputException>(refused.Start)).Code);
    }

    [Theory]
    [InlineData("catalog-1.db", "backup-damaged")]
    [InlineData("backup-1.json", "backup-damaged")]
    public async Task Restore_DescriptionOrCatalogThatChanged_IsRefused(string file, string code)
    {
        await using var from = new BackupPlace();
        await using var to = new BackupPlace();
        await from.Fill();
        await from.BackUp(Backup);
        await File.WriteAllTextAsync(Path.Combine(Backup, file), "{", Stop);

        Assert.Equal(code, (await Assert.ThrowsAsync<InputException>(() => to.Restore(Backup))).Code);
    }

    [Fact]
    public async Task Restore_BackupOfALaterBuild_IsRefused()
    {
        await using var from = new BackupPlace();
        await from.BackUp(Backup);
        var manifest = Path.Combine(Backup, "backup-1.json");
        await File.WriteAllTextAsync(
            manifest,
            (await File.ReadAllTextAsync(manifest, Stop)).Replace(
                "\"format\": 1",
                "\"format\": 2",
                StringComparison.Ordinal
            ),
            Stop
        );

        Assert.Equal("backup-newer", Assert.Throws<InputException>(() => BackupRestore.Find(Backup, null)).Code);
    }

    /// <summary>Another silo of the cluster has a data directory of its own, and the half-filled blobs before
    /// it.</summary>
    [Fact]
    public async Task Restore_CutShortInACluster_NoSiloStartsThere()
    {
        await using var from = new BackupPlace();
        await using var half = new BackupPlace(await postgres.NewDatabase());
        await from.Fill();
        await from.BackUp(Backup);
        Damage(Assert.Single(Directory.GetFiles(Backup, Digest(1), SearchOption.AllDirectories)));
        await Assert.ThrowsAsync<InputException>(() => half.Restore(Backup));

        await using var other = half.Another();

        Assert.Equal("catalog-behind", (await Assert.ThrowsAsync<InputException>(other.Start)).Code);
    }

    [Fact]
    public async Task Restore_PlaceInUse_IsRefusedAndLeftAlone()
    {
        await using var from = new BackupPlace();
        await using var used = new BackupPlace();
        await from.BackUp(Backup);
        await used.Fill();
        var before = await used.Rows();

        Assert.Equal("restore-target", (await Assert.ThrowsAsync<InputException>(() => used.Restore(Backup))).Code);
        Assert.Equal(before, await used.Rows());
    }

    [Fact]
    public async Task Begin_DirectoryOfThisKind_IsRefused()
    {
        await using var place = new BackupPlace();
        await place.Fill();
        await File.WriteAllTextAsync(_folder.File("foreign/letter.txt"), "x", Stop);
        string[] refused =
        [
            "backup",
            "",
            Path.Combine(_folder.Path, "foreign"),
            Path.Combine(_folder.Path, "foreign", "letter.txt"),
            place.Data,
            Path.Combine(place.Data, "blobs", "backup"),
            Path.Combine(_folder.Path, "a\0b"),
        ];
        foreach (var directory in refused)
        {
            var refusal = await Assert.ThrowsAsync<ComodException>(() => place.Source.Begin(directory, false, Stop));
            Assert.True(ErrorCodes.BackupDirectory == refusal.Code, $"{directory}: {refusal.Message}");
        }
        Assert.Equal(1, (await place.BackUp(Backup)).Number);
    }

    [Fact]
    public async Task Begin_WhileAnotherRuns_IsRefusedInTheClusterAndInTheDirectory()
    {
        await using var place = new BackupPlace();
        await using var other = new BackupPlace();
        await using (await place.Source.Begin(Backup, false, Stop))
        {
            await Running(() => place.Source.Begin(Path.Combine(_folder.Path, "other"), false, Stop));
            await Running(() => other.Source.Begin(Backup, false, Stop));
        }
        await (await other.Source.Begin(Backup, false, Stop)).DisposeAsync();
        await (await place.Source.Begin(Backup, false, Stop)).DisposeAsync();

        static async Task Running(Func<Task> begin) =>
            Assert.Equal(ErrorCodes.BackupRunning, (await Assert.ThrowsAsync<ComodException>(begin)).Code);
    }

    private static Task<bool> Name(BackupPlace place, string uid, string digest) =>
        place.Catalog.Write(
            (rows, _) =>
            {
                rows.Add(
                    TestCatalog.Layout.NewRow(
                        uid,
                        TestCatalog.Tenant,
                        uid,
                        TestCatalog.Info(uid, uid) with
                        {
                            Digest = digest,
                        },
                        TestCatalog.Created,
                        1
                    )
                );
                return Task.FromResult(true);
            },
            Stop
        );

    /// <summary>That of <see cref="BackupPlace.Put"/>.</summary>
    private static string Digest(byte content) =>
        Convert.ToHexStringLower(SHA256.HashData(Enumerable.Repeat(content, 1000).ToArray()));

    private static void Damage(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[500] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
