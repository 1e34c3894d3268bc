using System.Globalization;
using System.Text;
using ComodCluster.Grains.Storage.Identity;
using Microsoft.Win32.SafeHandles;

namespace ComodCluster.Grains.Storage.Catalog.Sqlite;

/// <summary>
/// <c>catalog.db-writes</c>: how many writes the catalog has, told after each of them. It is written in place and not
/// forced to the disk, so that it costs a system call: the kernel keeps it when the process is killed.
/// </summary>
internal sealed class CountFile(string catalog) : IDisposable
{
    // Digits of the largest count: the file never grows.
    private const int Digits = 19;

    private readonly string _path = $"{catalog}-writes";
    private SafeFileHandle? _file;

    /// <returns>Null where there is none, or a machine that lost its power left none that can be read.</returns>
    public SeenWrites? Read()
    {
        try
        {
            return
                File.Exists(_path)
                && long.TryParse(
                    File.ReadAllText(_path),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var writes
                )
                ? new(writes, File.GetLastWriteTimeUtc(_path))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>One caller at a time. Where it fails the count lags, and the file beside the blobs has an earlier
    /// one.</summary>
    public void Write(long writes)
    {
        try
        {
            _file ??= File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            RandomAccess.Write(
                _file,
                Encoding.ASCII.GetBytes(writes.ToString($"D{Digits}", CultureInfo.InvariantCulture)),
                fileOffset: 0
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    public void Dispose() => _file?.Dispose();
}
