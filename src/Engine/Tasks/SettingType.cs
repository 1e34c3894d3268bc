namespace ComodCluster.Engine.Tasks;

/// <summary>What JSON has for a setting.</summary>
public enum SettingType
{
    /// <summary>An integer.</summary>
    WholeNumber,

    /// <summary>A number.</summary>
    Number,

    /// <summary>One of a few names.</summary>
    Choice,

    /// <summary>The name of a layer.</summary>
    Layer,

    /// <summary>A list of names of layers, in the order of the network.</summary>
    Layers,
}
