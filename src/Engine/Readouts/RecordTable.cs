namespace ComodCluster.Engine.Readouts;

/// <summary>Records of some images in memory.</summary>
internal sealed class RecordTable
{
    private readonly RecordLayout _layout;
    private readonly float[] _records; // [n, width of a record]
    private readonly int _count;

    /// <exception cref="InputException">features-value: a number is not finite.</exception>
    public RecordTable(IFeatureRecords records, IReadOnlyList<int> rows, CancellationToken cancel)
    {
        (_layout, _count) = (records.Layout, rows.Count);
        _records = new float[(long)rows.Count * _layout.Width];
        for (var i = 0; i < rows.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            Read(records, rows[i], _records.AsSpan(i * _layout.Width, _layout.Width));
        }
    }

    /// <summary>Features of these images at a place, by their own standardisation.</summary>
    public PlaceFeatures At(ReadoutPlace place)
    {
        var width = _layout.WidthOf(place);
        var read = Reader(_layout, place, row => _records.AsSpan(row * _layout.Width, _layout.Width));
        return new(width, read, Standardisation.Of(_count, width, read));
    }

    /// <summary>Features of all images at a place, read as they are asked for.</summary>
    /// <param name="scale">That of some of them.</param>
    public static PlaceFeatures AllAt(IFeatureRecords records, ReadoutPlace place, Standardisation scale)
    {
        var record = new float[records.Layout.Width];
        return new(
            records.Layout.WidthOf(place),
            Reader(
                records.Layout,
                place,
                row =>
                {
                    Read(records, row, record);
                    return record;
                }
            ),
            scale
        );
    }

    private static FeatureReader Reader(RecordLayout layout, ReadoutPlace place, Func<int, ReadOnlySpan<float>> record)
    {
        var parts = layout.PartsOf(place);
        return (image, features) =>
        {
            var from = record(image);
            foreach (var (offset, length) in parts)
            {
                from.Slice(offset, length).CopyTo(features);
                features = features[length..];
            }
        };
    }

    /// <inheritdoc cref="RecordTable(IFeatureRecords, IReadOnlyList{int}, CancellationToken)"/>
    private static void Read(IFeatureRecords records, int row, Span<float> record)
    {
        records.Read(row, record);
        foreach (var value in record)
            if (!float.IsFinite(value))
                throw new InputException(
                    "features-value",
                    $"The backbone gives training image {row + 1} of {records.Count} a feature that is no finite "
                        + $"number; use a backbone with weights of usual size, or leave the image out."
                );
    }
}
