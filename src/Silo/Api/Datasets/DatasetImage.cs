namespace ComodCluster.Silo.Api.Datasets;

/// <summary>One image of a data set.</summary>
/// <param name="Bytes">As stored, encoded.</param>
/// <param name="Label">Name of the class, or of the attributes it has, separated by commas.</param>
public sealed record DatasetImage(byte[] Bytes, string Label);
