namespace ComodCluster.Engine.Backbones;

public enum BlockKind
{
    /// <summary>Two 3x3 convolutions.</summary>
    Basic,

    /// <summary>1x1, 3x3 (with the stride), 1x1 to four times the width.</summary>
    Bottleneck,
}
