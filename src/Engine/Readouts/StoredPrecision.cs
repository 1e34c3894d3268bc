namespace ComodCluster.Engine.Readouts;

/// <summary>How the weights of a readout are stored. The numbers are stored.</summary>
public enum StoredPrecision
{
    /// <summary>float16.</summary>
    Half = 0,

    /// <summary>Whole numbers from -127 to 127, with a float16 scale for each feature.</summary>
    Byte = 1,
}
