using System.Text.Json.Serialization;

namespace ComodCluster.Infrastructure.Journals;

/// <summary>A cell that is done.</summary>
public sealed record JournalEntry(string Cell, double Seconds, IReadOnlyList<Observation> Observations)
{
    /// <summary>On which it was computed; null: on that of the head.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Machine { get; init; }
}
