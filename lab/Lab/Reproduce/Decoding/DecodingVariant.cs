namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>Other settings in one respect.</summary>
internal sealed record DecodingVariant(string Name, Func<DecodingSettings, DecodingSettings> Change);
