using System.Buffers.Binary;

namespace ComodCluster.Engine.Data.Packs;

/// <summary>
/// Layout of a pack, version 1, little endian:
/// header (magic, version, reserved), encoded images one after the other, index (one fixed-size record per image),
/// manifest (JSON), footer.
/// The digest, the last 32 bytes, is the SHA-256 of everything before it.
/// </summary>
internal static class PackFormat
{
    public const int Version = 1;
    public const int HeaderBytes = 16;
    public const int FooterBytes = 72;
    public const int DigestBytes = 32;

    /// <summary>
    /// Bytes of an index record without its labels: offset 8, length 4, width 4, height 4, split 1, SHA-256 32.
    /// </summary>
    public const int RecordBytes = 53;

    public static ReadOnlySpan<byte> Magic => "COMODPCK"u8;

    /// <summary>Labels take four bytes for a class and one bit per attribute.</summary>
    public static int LabelBytes(DatasetKind kind, int names) => kind == DatasetKind.Classes ? 4 : (names + 7) / 8;

    public static void WriteLabels(DatasetKind kind, ReadOnlySpan<int> labels, Span<byte> to)
    {
        if (kind == DatasetKind.Classes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(to, labels[0]);
            return;
        }
        to.Clear();
        for (var i = 0; i < labels.Length; i++)
            to[i >> 3] |= (byte)(labels[i] << (i & 7));
    }

    public static int[] ReadLabels(DatasetKind kind, int names, ReadOnlySpan<byte> from)
    {
        if (kind == DatasetKind.Classes)
            return [BinaryPrimitives.ReadInt32LittleEndian(from)];
        var labels = new int[names];
        for (var i = 0; i < names; i++)
            labels[i] = (from[i >> 3] >> (i & 7)) & 1;
        return labels;
    }
}
