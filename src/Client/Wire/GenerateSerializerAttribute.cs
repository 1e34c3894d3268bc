using System.Diagnostics;

namespace ComodCluster.Client.Wire;

/// <summary>In silos, a message of grains; nothing in the SDK, whose assembly does not carry it.</summary>
[Conditional("ORLEANS"), AttributeUsage(AttributeTargets.All)]
internal sealed class GenerateSerializerAttribute : Attribute;
