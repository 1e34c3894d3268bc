using ComodCluster.Api.Tasks;

namespace ComodCluster.Silo.Api.Tasks;

/// <summary>An image of a prediction as it arrived.</summary>
/// <param name="Bytes">Encoded; empty where it was refused.</param>
/// <param name="Name">File name of the form's part; null where it has none.</param>
/// <param name="Refusal">Why it was not taken; null where it was.</param>
public sealed record SentImage(byte[] Bytes, string? Name = null, ImageRefusal? Refusal = null);
