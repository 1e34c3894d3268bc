namespace ComodCluster.Engine.Methods;

/// <summary>Shape of a task's two kinds of parameters inside the network: U [U] and V [VHeight, VWidth].</summary>
public readonly record struct ChangeShape(int U, int VHeight, int VWidth);
