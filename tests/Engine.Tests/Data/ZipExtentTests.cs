using System.Buffers.Binary;
using ComodCluster.Engine.Data.Archives;

namespace ComodCluster.Engine.Tests.Data;

/// <summary>What does not fit into 32 bits stands in a field of its own, in the order of the entry and only
/// then.</summary>
public class ZipExtentTests
{
    private const uint Wide = uint.MaxValue;

    [Fact]
    public void Of_WideFields_AreTakenInOrder()
    {
        Assert.Equal(new ZipExtent(0, 20, 30, 40), Of(20, 30, 40, []));
        Assert.Equal(
            new ZipExtent(0, 2L << 32, 1L << 32, 3L << 32),
            Of(Wide, Wide, Wide, [1L << 32, 2L << 32, 3L << 32])
        );
        Assert.Equal(new ZipExtent(0, 20, 30, 7), Of(20, 30, Wide, [7]));
        Assert.Equal(new ZipExtent(0, 20, 5, 7), Of(20, Wide, Wide, [5, 7]));
    }

    [Fact]
    public void Stored_OutsideTheZip_IsNull()
    {
        var zip = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(zip, 0x04034B50);
        Assert.Equal(34, new ZipExtent(0, 34, 34, 0).Stored(zip)?.Length);
        foreach (
            var extent in new ZipExtent[]
            {
                new(8, 34, 34, 0),
                new(0, 33, 34, 0),
                new(0, 35, 35, 0),
                new(0, long.MaxValue, long.MaxValue, 0),
                new(0, -1, -1, 0),
                new(0, 1, 1, 1),
                new(0, 1, 1, 40),
                new(0, 1, 1, -1),
                new(0, 1, 1, long.MaxValue),
            }
        )
            Assert.Null(extent.Stored(zip));
    }

    private static ZipExtent Of(uint packed, uint unpacked, uint header, long[] wide)
    {
        var entry = new byte[46];
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(20), packed);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(24), unpacked);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(42), header);
        // Another field stands before it.
        byte[] extra = [9, 0, 2, 0, 1, 1, 1, 0, (byte)(8 * wide.Length), 0, .. wide.SelectMany(BitConverter.GetBytes)];
        return ZipExtent.Of(entry, extra);
    }
}
