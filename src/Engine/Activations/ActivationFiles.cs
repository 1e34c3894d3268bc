namespace ComodCluster.Engine.Activations;

/// <summary>
/// The files of all data sets below one folder, within a budget. What goes wrong with a file costs time, never a job.
/// </summary>
internal sealed class ActivationFiles(string? folder, long budget) : IDisposable
{
    private readonly Dictionary<ActivationKey, ActivationFile?> _open = []; // null: goes without
    private long _closedBytes = Sweep(folder);

    /// <summary>There is a folder.</summary>
    public bool Any => folder is not null;

    public long Damaged { get; private set; }

    /// <summary>Writes that failed: a full disk, a folder that is gone.</summary>
    public long Failed { get; private set; }

    public long Bytes => _closedBytes + _open.Values.Sum(f => f?.Bytes ?? 0);

    public bool Has(ActivationKey key, int images, int itemBytes, int image) =>
        FileOf(key, images, itemBytes)?.Has(image) == true;

    /// <returns>False where the item is absent or damaged.</returns>
    public bool TryRead(ActivationKey key, int images, int image, Span<byte> item)
    {
        if (FileOf(key, images, item.Length) is not { } file || !file.Has(image))
            return false;
        if (file.TryRead(image, item))
            return true;
        Damaged++;
        return false;
    }

    public void Write(ActivationKey key, int images, int image, ReadOnlySpan<byte> item)
    {
        if (FileOf(key, images, item.Length) is not { } file || file.Has(image) || !Fits(item.Length))
            return;
        try
        {
            file.Write(image, item);
        }
        catch (IOException)
        {
            Failed++;
            Close(key);
            _open[key] = null;
        }
    }

    /// <summary>
    /// Deletes files, also those that no job of this process has used; all of a tenant's, one data set's, or all that a
    /// backbone made.
    /// </summary>
    /// <returns>Bytes freed.</returns>
    public long Forget(string? tenant, string? pack, string? backbone)
    {
        if (folder is null || !Directory.Exists(folder))
            return 0;
        foreach (
            var key in _open
                .Keys.Where(k =>
                    (tenant is null || k.Tenant == tenant)
                    && (pack is null || k.Pack == pack)
                    && (backbone is null || k.Backbone == backbone)
                )
                .ToArray()
        )
        {
            Close(key);
            _open.Remove(key);
        }
        var root = tenant is null ? folder : Path.Combine(folder, ActivationKey.FolderOf(tenant));
        if (!Directory.Exists(root))
            return 0;
        var pattern =
            backbone is not null ? ActivationKey.PatternOfBackbone(backbone)
            : pack is not null ? ActivationKey.PatternOfPack(pack)
            : $"*{ActivationFile.Extension}";
        return Delete(new DirectoryInfo(root).EnumerateFiles(pattern, SearchOption.AllDirectories));
    }

    public void Dispose()
    {
        foreach (var key in _open.Keys.ToArray())
            Close(key);
        _open.Clear();
    }

    private ActivationFile? FileOf(ActivationKey key, int images, int itemBytes)
    {
        if (folder is null)
            return null;
        if (_open.TryGetValue(key, out var file))
            return file;
        var path = Path.Combine(folder, key.Path);
        try
        {
            var before = File.Exists(path) ? ActivationFile.OccupiedBytes(path) : 0;
            file = ActivationFile.Open(path, key.Digest, images, itemBytes, out var damaged);
            _closedBytes = Math.Max(0, _closedBytes - before);
            if (damaged)
                Damaged++;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failed++; // another process has it, or nobody may
        }
        return _open[key] = file;
    }

    /// <summary>Over budget the files go first that were used longest ago; those in use by this process stay.</summary>
    private bool Fits(int itemBytes)
    {
        if (Bytes + itemBytes <= budget)
            return true;
        var open = _open
            .Where(f => f.Value is not null)
            .Select(f => Path.GetFullPath(Path.Combine(folder!, f.Key.Path)))
            .ToHashSet(StringComparer.Ordinal);
        foreach (
            var old in new DirectoryInfo(folder!)
                .EnumerateFiles($"*{ActivationFile.Extension}", SearchOption.AllDirectories)
                .Where(f => !open.Contains(f.FullName))
                .OrderBy(f => f.LastWriteTimeUtc)
                .ToArray()
        )
        {
            Delete([old]);
            if (Bytes + itemBytes <= budget)
                return true;
        }
        return false;
    }

    private void Close(ActivationKey key)
    {
        if (!_open.TryGetValue(key, out var file) || file is null)
            return;
        _closedBytes += file.Bytes;
        file.Dispose();
        try
        {
            File.SetLastWriteTimeUtc(Path.Combine(folder!, key.Path), DateTime.UtcNow);
        }
        catch (IOException)
        {
            Failed++;
        }
    }

    private long Delete(IEnumerable<FileInfo> files)
    {
        long freed = 0;
        foreach (var file in files.ToArray())
        {
            try
            {
                var bytes = ActivationFile.OccupiedBytes(file.FullName);
                file.Delete();
                freed += bytes;
                _closedBytes = Math.Max(0, _closedBytes - bytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Failed++;
            }
        }
        return freed;
    }

    private static long Sweep(string? folder) =>
        folder is null || !Directory.Exists(folder)
            ? 0
            : new DirectoryInfo(folder)
                .EnumerateFiles($"*{ActivationFile.Extension}", SearchOption.AllDirectories)
                .Sum(f => ActivationFile.OccupiedBytes(f.FullName));
}
