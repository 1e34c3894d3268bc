namespace ComodCluster.Silo.Configuration;

/// <summary>The name that a setting had in an earlier build: refused, with the new one.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FormerlyAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
