namespace ComodCluster.Engine.Backbones;

/// <summary>
/// The convolutions of a residual block, and the one that fits its input to its output where their shapes differ.
/// </summary>
internal sealed record BlockLayout(int Stage, int Index, IReadOnlyList<ConvLayout> Convs, ConvLayout? Shortcut);
