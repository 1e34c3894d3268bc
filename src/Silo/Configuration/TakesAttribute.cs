namespace ComodCluster.Silo.Configuration;

/// <summary>What a setting takes, in words, where no range of numbers and no list of values says it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TakesAttribute(string words) : Attribute
{
    public string Words { get; } = words;

    /// <summary>In words, for a default that depends on the machine.</summary>
    public string? Default { get; init; }
}
