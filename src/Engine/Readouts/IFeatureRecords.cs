namespace ComodCluster.Engine.Readouts;

/// <summary>Records of a job's images, in the data set's order. They may be read several times, by one thread.</summary>
public interface IFeatureRecords
{
    /// <summary>Images.</summary>
    int Count { get; }

    RecordLayout Layout { get; }

    /// <param name="row">From 0.</param>
    /// <param name="record">Receives [Width] values of <see cref="Layout"/>.</param>
    void Read(int row, Span<float> record);
}
