using System.IO.Compression;
using System.Text;

namespace ComodCluster.Engine.Tests.Data;

/// <summary>Builds zips, also such as no honest program writes.</summary>
internal sealed class ZipFile
{
    private readonly MemoryStream _bytes = new();

    public ZipFile(params (string Name, byte[] Content)[] entries) => Add(entries);

    public static ZipFile OfClasses(int perClass, params string[] classes) =>
        new([
            .. classes.SelectMany(
                (c, k) => Enumerable.Range(0, perClass).Select(i => ($"{c}/{i:00}.png", Pictures.Png(k * 100 + i)))
            ),
        ]);

    public ZipFile Add(params (string Name, byte[] Content)[] entries)
    {
        using var zip = new ZipArchive(_bytes, ZipArchiveMode.Update, leaveOpen: true);
        foreach (var (name, content) in entries)
        {
            using var entry = zip.CreateEntry(name).Open();
            entry.Write(content);
        }
        return this;
    }

    /// <param name="mode">Unix file mode, as octal 0120777 for a symbolic link.</param>
    public ZipFile AddWithMode(string name, int mode, string content)
    {
        using var zip = new ZipArchive(_bytes, ZipArchiveMode.Update, leaveOpen: true);
        var entry = zip.CreateEntry(name);
        entry.ExternalAttributes = mode << 16;
        using var stream = entry.Open();
        stream.Write(Encoding.UTF8.GetBytes(content));
        return this;
    }

    public byte[] ToArray() => _bytes.ToArray();

    public Stream Open() => new MemoryStream(_bytes.ToArray());
}
