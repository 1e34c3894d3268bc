using System.Buffers.Binary;
using SkiaSharp;

namespace ComodCluster.Engine.Data.Images;

/// <summary>Orientation in the eXIf chunk of a PNG (PNG third edition, 11.3.4.4), which SkiaSharp does not
/// read.</summary>
internal static class PngOrientation
{
    private const int SignatureBytes = 8,
        ChunkBytes = 12;

    /// <summary><see cref="SKEncodedOrigin.TopLeft"/> where nothing else is stated.</summary>
    public static SKEncodedOrigin Of(ReadOnlySpan<byte> png)
    {
        for (var at = (long)SignatureBytes; at + ChunkBytes <= png.Length; )
        {
            var chunk = png[(int)at..];
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (length > chunk.Length - ChunkBytes)
                break;
            if (chunk[4..8].SequenceEqual("eXIf"u8))
                return InExif(chunk.Slice(8, (int)length));
            at += ChunkBytes + length;
        }
        return SKEncodedOrigin.TopLeft;
    }

    /// <summary>Tag 0x0112 of the first directory of a TIFF.</summary>
    private static SKEncodedOrigin InExif(ReadOnlySpan<byte> tiff)
    {
        const ushort orientation = 0x0112,
            ofShorts = 3;
        const int entryBytes = 12;
        var little = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || !(little || tiff.StartsWith("MM\0*"u8)))
            return SKEncodedOrigin.TopLeft;
        var directory = little
            ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return SKEncodedOrigin.TopLeft;
        var entries = tiff[((int)directory + 2)..];
        for (var i = Short(tiff[(int)directory..], little); i > 0 && entries.Length >= entryBytes; i--)
        {
            var value = Short(entries[8..], little);
            if (
                Short(entries, little) == orientation
                && Short(entries[2..], little) == ofShorts
                && value is >= 1 and <= 8
            )
                return (SKEncodedOrigin)value;
            entries = entries[entryBytes..];
        }
        return SKEncodedOrigin.TopLeft;
    }

    private static ushort Short(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
}
