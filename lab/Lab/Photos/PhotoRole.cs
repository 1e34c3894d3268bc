namespace ComodCluster.Lab.Photos;

/// <summary>What a domain is for, fixed before anything was measured on it.</summary>
internal enum PhotoRole
{
    /// <summary>Rates and forms are chosen on it; nothing is reported.</summary>
    Tuning,

    /// <summary>Reported; nothing is chosen on it.</summary>
    Reported,
}
