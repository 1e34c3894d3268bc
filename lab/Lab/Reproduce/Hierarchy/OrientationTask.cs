namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Two neighbouring orientations at one place.</summary>
/// <param name="Place">Along the first row of places.</param>
/// <param name="First">Orientation; the other is the next.</param>
internal sealed record OrientationTask(int Place, int First);
