using System.Text.Json;

namespace ComodCluster.Silo.Problems;

/// <summary>JSON that can be read and cannot be used, in a sentence of ours.</summary>
/// <param name="message">One sentence: cause and fix.</param>
public sealed class UnusableJsonException(string message) : JsonException(message);
