using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Blobs;

namespace ComodCluster.Grains.Storage.Backup;

/// <summary>
/// A directory of backups: <c>catalog-N.db</c> and <c>backup-N.json</c> of each, and <c>blobs</c>, which they share.
/// </summary>
internal sealed class BackupFolder(string path, IBlobFiles files)
{
    /// <summary>Says what the directory is, and is locked while a backup writes.</summary>
    private const string MarkName = "comod-backup";

    private const string Explanation =
        "Backups of ComodCluster: catalog-N.db and backup-N.json for each, blobs for all. Restore with 'comod "
        + "restore'.\n";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Path => path;

    /// <summary>Files being written.</summary>
    private string Temporary => System.IO.Path.Combine(path, ".temporary");

    /// <summary>Numbers of the finished backups, ascending.</summary>
    public IReadOnlyList<int> Numbers() =>
        [
            .. Directory
                .EnumerateFiles(path, "backup-*.json")
                .Select(file => System.IO.Path.GetFileNameWithoutExtension(file)["backup-".Length..])
                .Select(text => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0)
                .Where(number => number > 0)
                .Order(),
        ];

    /// <summary>Makes the directory where it is missing, and keeps other silos out until that is disposed.</summary>
    /// <exception cref="Contracts.ComodException">backup-directory: it has other files; backup-running; storage-full,
    /// storage-unavailable.</exception>
    public IDisposable Take()
    {
        var mark = System.IO.Path.Combine(path, MarkName);
        try
        {
            Directory.CreateDirectory(path);
            if (!File.Exists(mark) && Directory.EnumerateFileSystemEntries(path).Any())
                throw BackupFaults.Directory(
                    $"The directory '{path}' has files that are no backup; name an empty one, or one of earlier backups."
                );
            var taken = Lock(mark);
            try
            {
                if (taken.Length == 0)
                {
                    taken.Write(System.Text.Encoding.ASCII.GetBytes(Explanation));
                    taken.Flush(flushToDisk: true);
                }
                Directory.CreateDirectory(Temporary);
                foreach (var leftover in Directory.EnumerateFiles(Temporary))
                    File.Delete(leftover);
                return taken;
            }
            catch
            {
                taken.Dispose();
                throw;
            }
        }
        catch (Exception e) when (BackupFaults.Of(e, path) is { } fault)
        {
            throw fault;
        }
    }

    public string CatalogPath(int number) =>
        System.IO.Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"catalog-{number}.db"));

    public string BlobPath(BlobAddress blob) =>
        System.IO.Path.Combine(path, "blobs", blob.Tenant.Value, blob.Digest[..2], blob.Digest);

    public string TemporaryPath() => System.IO.Path.Combine(Temporary, Guid.NewGuid().ToString("N"));

    /// <summary>Makes a finished catalog that of a backup.</summary>
    /// <returns>Its digest.</returns>
    /// <exception cref="Contracts.ComodException">storage-full, storage-unavailable.</exception>
    public async Task<string> KeepCatalog(string draft, int number, CancellationToken cancellation)
    {
        try
        {
            string digest;
            await using (var file = new FileStream(draft, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
                file.Flush(flushToDisk: true);
                digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false));
            }
            files.Move(draft, CatalogPath(number));
            return digest;
        }
        catch (Exception e) when (BackupFaults.Of(e, path) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>Makes the backup one that can be restored.</summary>
    /// <exception cref="Contracts.ComodException">storage-full, storage-unavailable.</exception>
    public void Write(BackupManifest manifest)
    {
        var draft = TemporaryPath();
        try
        {
            using (var file = files.Create(draft))
            {
                JsonSerializer.Serialize(file, manifest, Json);
                files.Sync(file);
            }
            files.Move(draft, ManifestPath(manifest.Number));
        }
        catch (Exception e) when (BackupFaults.Of(e, path) is { } fault)
        {
            throw fault;
        }
    }

    /// <exception cref="InputException">backup-damaged, backup-newer.</exception>
    public BackupManifest Read(int number)
    {
        var file = ManifestPath(number);
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var format = json.RootElement.GetProperty("format").GetInt32();
            if (format > BackupManifest.NewestFormat)
                throw new InputException(
                    "backup-newer",
                    $"'{file}' has format {format} and this build reads up to format {BackupManifest.NewestFormat}; "
                        + $"restore with the build that wrote it."
                );
            return json.Deserialize<BackupManifest>(Json) ?? throw new JsonException();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw BackupFaults.Damaged($"'{file}' is no description of a backup any more; name an earlier one.");
        }
    }

    /// <summary>Whether the blob is there: of that length, or of its digest where bytes are read.</summary>
    /// <param name="length">Bytes that it should have; null: only its digest tells.</param>
    public async Task<bool> Has(BlobAddress blob, long? length, bool readsBytes, CancellationToken cancellation)
    {
        var file = BlobPath(blob);
        if (files.Length(file) is not { } found || length is { } expected && expected != found)
            return false;
        if (!readsBytes && length is not null)
            return true;
        try
        {
            await using var bytes = files.OpenRead(file);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellation).ConfigureAwait(false))
                == blob.Digest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Stores what <paramref name="write"/> writes where that has the blob's digest.</summary>
    /// <param name="write">False: there is no such blob.</param>
    /// <param name="wrote">Told of each piece: its bytes.</param>
    /// <returns>Whether it is stored; else nothing of it is.</returns>
    /// <exception cref="Contracts.ComodException">storage-full, storage-unavailable, in words for this
    /// directory.</exception>
    public async Task<bool> Put(
        BlobAddress blob,
        Func<Stream, Task<bool>> write,
        Action<long> wrote,
        CancellationToken cancellation
    )
    {
        var draft = TemporaryPath();
        try
        {
            await using (var file = files.Create(draft))
            {
                await using var digest = new DigestStream(file, wrote, e => BackupFaults.Of(e, path));
                if (!await write(digest).ConfigureAwait(false) || digest.Digest() != blob.Digest)
                    return false;
                await digest.FlushAsync(cancellation).ConfigureAwait(false);
                files.Sync(file);
            }
            files.Move(draft, BlobPath(blob));
            return true;
        }
        catch (Exception e) when (BackupFaults.Of(e, path) is { } fault)
        {
            throw fault;
        }
        finally
        {
            files.Delete(draft);
        }
    }

    private string ManifestPath(int number) =>
        System.IO.Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"backup-{number}.json"));

    private FileStream Lock(string mark)
    {
        try
        {
            return new FileStream(mark, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsHeldElsewhere(e))
        {
            throw BackupFaults.Running($"Another silo backs up into '{path}'; wait for it, or name another directory.");
        }
    }

    // EAGAIN (Linux), EWOULDBLOCK (macOS), ERROR_SHARING_VIOLATION (Windows).
    private static bool IsHeldElsewhere(IOException failure) => (failure.HResult & 0xFFFF) is 11 or 35 or 32;
}
