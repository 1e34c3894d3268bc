using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ComodCluster.Cli.Commands.Downloads;

/// <summary>
/// What came of a download so far, and beside it the mark by which its server knows that it is still the same file.
/// </summary>
internal sealed class PartFile(string path)
{
    // Low 16 bits of IOException.HResult: EWOULDBLOCK of a lock on Unix (macOS 35), ERROR_SHARING_VIOLATION on Windows.
    private static readonly int s_sharing =
        OperatingSystem.IsWindows() ? 32
        : OperatingSystem.IsMacOS() ? 35
        : 11;

    private readonly string _mark = path + ".etag";

    public string Path => path;

    public long Length
    {
        get
        {
            if (!File.Exists(path))
                return 0;
            using var file = Alone(() => File.OpenHandle(path));
            return RandomAccess.GetLength(file);
        }
    }

    /// <summary>
    /// For If-Range: a strong ETag, or the time of the last change. Null: what is here cannot be continued.
    /// </summary>
    public RangeConditionHeaderValue? Mark =>
        File.Exists(_mark) && RangeConditionHeaderValue.TryParse(File.ReadAllText(_mark), out var mark) ? mark : null;

    /// <exception cref="DownloadException">download-busy: another process has it open.</exception>
    public FileStream Open() =>
        Alone(() => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));

    /// <summary>Empties the part; what comes from now on is of this response.</summary>
    public void Restart(FileStream part, HttpResponseMessage response)
    {
        if (part.Length > 0)
            part.SetLength(0);
        RangeConditionHeaderValue? mark =
            response.Headers.ETag is { IsWeak: false } tag ? new(tag)
            : response.Content.Headers.LastModified is { } changed ? new(changed)
            : null;
        if (mark is null)
            File.Delete(_mark);
        else
            File.WriteAllText(_mark, mark.ToString());
    }

    /// <summary>In lower-case hexadecimal, or null where there is nothing.</summary>
    public async Task<string?> Sum(HashAlgorithmName algorithm, CancellationToken cancellation)
    {
        if (Length == 0)
            return null;
        await using var stream = Alone(() => File.OpenRead(path));
        return Convert.ToHexStringLower(await CryptographicOperations.HashDataAsync(algorithm, stream, cancellation));
    }

    public void Delete()
    {
        File.Delete(path);
        File.Delete(_mark);
    }

    private T Alone<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) == s_sharing)
        {
            throw new DownloadException(
                "download-busy",
                $"Another command writes to {path}: wait for its end and repeat this one.",
                e
            );
        }
    }
}
