using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Readouts;

namespace ComodCluster.Engine.Tests.Readouts;

/// <summary>
/// Records by a formula: noise of standard deviation 1 about 1, and for each of some values of the record a mean that
/// the image's group moves.
/// </summary>
/// <param name="groups">Of each image.</param>
/// <param name="moved">Values of the record that tell groups apart.</param>
/// <param name="by">How far they move, standard deviations.</param>
/// <param name="change">By row and place in the record: what a value becomes.</param>
/// <param name="firstRow">Rows from other numbers on are other images of the same groups.</param>
internal sealed class MadeRecords(
    BackboneSpec spec,
    IReadOnlyList<int> groups,
    Range moved,
    double by,
    Func<int, int, float, float>? change = null,
    int firstRow = 0
) : IFeatureRecords
{
    private const ulong Noise = 1,
        Means = 2;

    /// <summary>Four stages of 4, 8, 16 and 32 channels, 24, 12, 6 and 3 px wide.</summary>
    public static BackboneSpec Small { get; } = BackboneSpec.Cifar(4, [1, 1, 1, 1], ["a", "b"], 24);

    public IReadOnlyList<int> Groups => groups;

    public int Count => groups.Count;

    public RecordLayout Layout { get; } = new(spec);

    public void Read(int row, Span<float> record)
    {
        var (from, length) = moved.GetOffsetAndLength(record.Length);
        for (var j = 0; j < record.Length; j++)
        {
            var value = 1 + CounterRandom.Normal((ulong)(firstRow + row), Noise, (ulong)j);
            if (j >= from && j < from + length)
                value += by * CounterRandom.Normal((ulong)groups[row], Means, (ulong)j);
            record[j] = change?.Invoke(row, j, (float)value) ?? (float)value;
        }
    }

    /// <summary>The values of a place that has one part.</summary>
    public static Range PartOf(ReadoutPlace place)
    {
        var (offset, length) = new RecordLayout(Small).PartsOf(place).Single();
        return offset..(offset + length);
    }
}
