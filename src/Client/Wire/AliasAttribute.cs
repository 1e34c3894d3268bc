using System.Diagnostics;

namespace ComodCluster.Client.Wire;

/// <summary>In silos, the name of a message on the wire.</summary>
[Conditional("ORLEANS"), AttributeUsage(AttributeTargets.All)]
internal sealed class AliasAttribute(string alias) : Attribute
{
    public string Alias { get; } = alias;
}
