using System.Diagnostics;

namespace ComodCluster.Client.Wire;

/// <summary>In silos, the number of a member on the wire.</summary>
[Conditional("ORLEANS"), AttributeUsage(AttributeTargets.All)]
internal sealed class IdAttribute(uint id) : Attribute
{
    public uint Id { get; } = id;
}
