namespace ComodCluster.Engine.Readouts;

/// <summary>Reads an image's features at a place.</summary>
/// <param name="image">From 0.</param>
/// <param name="features">Receives [D].</param>
internal delegate void FeatureReader(int image, Span<float> features);
