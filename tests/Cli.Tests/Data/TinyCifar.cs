using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ComodCluster.Cli.Commands.Data.Get;

namespace ComodCluster.Cli.Tests.Data;

/// <summary>Small archives of the exact format of the originals, with their files in no order.</summary>
internal static class TinyCifar
{
    public const int Side = 32;

    /// <summary>Two images of each of two classes in each of two batches, one of each to test.</summary>
    public static byte[] Ten { get; } =
        Pack(
            "cifar-10-batches-bin/",
            (
                "data_batch_2.bin",
                Records(
                    4,
                    [
                        [0],
                        [1],
                        [0],
                        [1],
                    ]
                )
            ),
            ("batches.meta.txt", Text("airplane\ntruck\n\n")),
            (
                "test_batch.bin",
                Records(
                    8,
                    [
                        [1],
                        [0],
                    ]
                )
            ),
            ("readme.html", Text("<html>")),
            (
                "data_batch_1.bin",
                Records(
                    0,
                    [
                        [1],
                        [1],
                        [0],
                        [0],
                    ]
                )
            )
        );

    /// <summary>Three classes in two superclasses: two train images of each and one to test.</summary>
    public static byte[] Hundred { get; } =
        Pack(
            "cifar-100-binary/",
            (
                "train.bin",
                Records(
                    0,
                    [
                        [1, 0],
                        [0, 1],
                        [1, 2],
                        [1, 0],
                        [0, 1],
                        [1, 2],
                    ]
                )
            ),
            (
                "test.bin",
                Records(
                    6,
                    [
                        [1, 0],
                        [0, 1],
                        [1, 2],
                    ]
                )
            ),
            ("fine_label_names.txt", Text("apple\nbed\npear\n")),
            ("coarse_label_names.txt", Text("furniture\nfruit\n"))
        );

    public static CifarSource Source10(Uri url, byte[]? expected = null) =>
        CifarSource.Cifar10 with
        {
            Url = url,
            Md5 = Md5(expected ?? Ten),
        };

    public static CifarSource Source100(Uri url, byte[]? expected = null) =>
        CifarSource.Cifar100 with
        {
            Url = url,
            Md5 = Md5(expected ?? Hundred),
        };

    /// <summary>A pixel of the image with that number, counted over all files.</summary>
    public static byte Value(int image, int channel, int y, int x) => (byte)(image * 7 + channel * 50 + y * 3 + x);

#pragma warning disable CA5351 // The sum of the originals is an MD5.
    public static string Md5(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351

    private static byte[] Pack(string folder, params (string Name, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true)))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, folder));
            foreach (var (name, content) in files)
                tar.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, folder + name)
                    {
                        DataStream = new MemoryStream(content),
                    }
                );
        }
        return bytes.ToArray();
    }

    private static byte[] Records(int first, byte[][] labels) =>
        [.. labels.SelectMany((label, i) => label.Concat(Planes(first + i)))];

    private static IEnumerable<byte> Planes(int image) =>
        from channel in Enumerable.Range(0, 3)
        from y in Enumerable.Range(0, Side)
        from x in Enumerable.Range(0, Side)
        select Value(image, channel, y, x);

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
