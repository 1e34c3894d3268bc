using System.Buffers.Binary;

namespace ComodCluster.Engine.Data.Packs;

/// <summary>The 72 bytes that end a pack: where index and manifest lie.</summary>
internal readonly record struct PackFooter(
    long IndexOffset,
    int RecordBytes,
    int Images,
    long ManifestOffset,
    int ManifestBytes
)
{
    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, IndexOffset);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], RecordBytes);
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], Images);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], ManifestOffset);
        BinaryPrimitives.WriteInt32LittleEndian(to[24..], ManifestBytes);
        BinaryPrimitives.WriteInt32LittleEndian(to[28..], PackFormat.Version);
        PackFormat.Magic.CopyTo(to[32..]);
    }

    public static PackFooter Read(ReadOnlySpan<byte> from) =>
        new(
            BinaryPrimitives.ReadInt64LittleEndian(from),
            BinaryPrimitives.ReadInt32LittleEndian(from[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[24..])
        );
}
