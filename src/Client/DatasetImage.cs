namespace ComodCluster.Client;

/// <summary>One image of a data set.</summary>
/// <param name="Bytes">The encoded file.</param>
/// <param name="MediaType">For example <c>image/png</c>.</param>
/// <param name="Label">Its class, as the data set names it; null where the server does not tell.</param>
public sealed record DatasetImage(byte[] Bytes, string MediaType, string? Label);
