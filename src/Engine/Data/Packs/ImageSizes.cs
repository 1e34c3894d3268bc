using System.Text.Json.Serialization;

namespace ComodCluster.Engine.Data.Packs;

/// <summary>Smallest and largest sides of a data set's images, in pixels, upright.</summary>
public sealed record ImageSizes(int MinWidth, int MinHeight, int MaxWidth, int MaxHeight)
{
    [JsonIgnore]
    public bool Uniform => MinWidth == MaxWidth && MinHeight == MaxHeight;
}
