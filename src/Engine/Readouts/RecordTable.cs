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

    /// <summary>All images' features at a place.</summary>
    public PlaceFeatures At(ReadoutPlace place)
    {
        var width = _layout.WidthOf(place);
        var values = new float[_count * width];
        for (var i = 0; i < _count; i++)
            _layout.Copy(place, _records.AsSpan(i * _layout.Width, _layout.Width), values.AsSpan(i * width, width));
        return new(values, width);
    }

    /// <inheritdoc cref="RecordTable(IFeatureRecords, IReadOnlyList{int}, CancellationToken)"/>
    public static void Read(IFeatureRecords records, int row, Span<float> record)
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
