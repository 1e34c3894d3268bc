namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>What the hidden layers learn before any task.</summary>
internal enum HiddenLayersLearn
{
    /// <summary>With the readout, the orientation of a single pattern at any place.</summary>
    Patterns,

    /// <summary>
    /// To name drawn digits; the readout then learns single patterns. As the authors', whose digits are handwritten.
    /// </summary>
    Digits,
}
