using System.Diagnostics;

namespace ComodCluster.Client.Wire;

/// <summary>In silos, a message that is not copied within a process.</summary>
[Conditional("ORLEANS"), AttributeUsage(AttributeTargets.All)]
internal sealed class ImmutableAttribute : Attribute;
