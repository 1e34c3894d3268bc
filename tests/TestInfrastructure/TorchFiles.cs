using System.Buffers.Binary;
using System.IO.Compression;

namespace ComodCluster.TestInfrastructure;

/// <summary>Files as <c>torch.save</c> writes them.</summary>
public static class TorchFiles
{
    /// <summary>The zip, with more entries or others in their place.</summary>
    public static byte[] Zip(byte[] pickle, byte[][] storages, params (string Name, byte[] Content)[] others)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "net/data.pkl", pickle);
            foreach (var (name, content) in others)
                Add(zip, name, content);
            for (var i = 0; i < storages.Length; i++)
                Add(zip, $"net/data/{i}", storages[i]);
        }
        return bytes.ToArray();
    }

    /// <summary>The older form.</summary>
    public static byte[] Stream(byte[] pickle, byte[][] storages, bool littleEndian = true)
    {
        byte[] magic = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
        var bytes = new MemoryStream();
        bytes.Write(PickleBytes.Of(p => p.Op(0x8a, 10).Raw(magic)));
        bytes.Write(PickleBytes.Of(p => p.Op('M', 0xe9, 0x03)));
        bytes.Write(PickleBytes.Of(p => p.Op('}').Text("little_endian").Op(littleEndian ? 0x88 : 0x89, 's')));
        bytes.Write(pickle);
        bytes.Write(
            PickleBytes.Of(p =>
            {
                p.Op(']', '(');
                for (var i = 0; i < storages.Length; i++)
                    p.Text($"{i}");
                p.Op('e');
            })
        );
        foreach (var storage in storages)
        {
            var count = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(count, storage.Length / sizeof(float));
            bytes.Write(count);
            bytes.Write(storage);
        }
        return bytes.ToArray();
    }

    private static void Add(ZipArchive zip, string name, byte[] content)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }
}
