using System.Buffers.Binary;
using System.IO.Compression;
using ComodCluster.Engine.Data.Images;
using ICSharpCode.SharpZipLib.Checksum;

namespace ComodCluster.Engine.Tests.Data;

/// <summary>Encoded pictures for tests, good and bad.</summary>
internal static class Pictures
{
    /// <summary>A PNG of one colour that depends on the number.</summary>
    public static byte[] Png(int number, int width = 8, int height = 8)
    {
        var image = RgbImage.Black(width, height);
        for (var i = 0; i < image.Rgb.Length; i++)
            image.Rgb[i] = (byte)(number * 37 + i % 3 * 80);
        return ImageDecoder.EncodePng(image);
    }

    /// <summary>A PNG of a few bytes whose header claims any size.</summary>
    public static byte[] PngThatClaims(int width, int height)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = 2;
        Chunk(file, "IHDR"u8, header);
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(new byte[64]);
        Chunk(file, "IDAT"u8, pixels.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>A PNG with an eXIf chunk before its pixels.</summary>
    public static byte[] WithOrientation(byte[] png, byte orientation, bool little)
    {
        const int headerEnd = 33;
        byte[] exif = little
            ? [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
            : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        using var file = new MemoryStream();
        file.Write(png.AsSpan(..headerEnd));
        Chunk(file, "eXIf"u8, exif);
        file.Write(png.AsSpan(headerEnd..));
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> kind, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] body = [.. kind, .. data];
        file.Write(body);
        var crc = new Crc32();
        crc.Update(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, (uint)crc.Value);
        file.Write(number);
    }
}
