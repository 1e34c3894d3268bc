using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ComodCluster.Cli.Commands.Data.Get;

/// <summary>
/// What came of a download so far, and beside it the mark by which its server knows that it is still the same file.
/// </summary>
internal sealed class PartFile(string path)
{
    private readonly string _mark = path + ".etag";

    public string Path => path;

    public long Length
    {
        get
        {
            if (!File.Exists(path))
                return 0;
            using var file = File.OpenHandle(path);
            return RandomAccess.GetLength(file);
        }
    }

    /// <summary>
    /// For If-Range: a strong ETag, or the time of the last change. Null: what is here cannot be continued.
    /// </summary>
    public RangeConditionHeaderValue? Mark =>
        File.Exists(_mark) && RangeConditionHeaderValue.TryParse(File.ReadAllText(_mark), out var mark) ? mark : null;

    /// <exception cref="IOException">Another process has it open.</exception>
    public FileStream Open() => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

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

    /// <summary>MD5 in lower-case hexadecimal, or null where there is nothing.</summary>
    public async Task<string?> Md5(CancellationToken cancellation)
    {
        if (Length == 0)
            return null;
        await using var stream = File.OpenRead(path);
        // It finds damage on the way; the publishers of the data sets give no other sum.
#pragma warning disable CA5351
        return Convert.ToHexStringLower(await MD5.HashDataAsync(stream, cancellation));
#pragma warning restore CA5351
    }

    public void Delete()
    {
        File.Delete(path);
        File.Delete(_mark);
    }
}
