using System.Text.Json.Serialization;

namespace ComodCluster.Api.Datasets;

/// <summary>How an archive says which image has which labels.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImportLayout>))]
[GenerateSerializer, Alias("comod.ImportLayout")]
public enum ImportLayout
{
    /// <summary>A folder for each class.</summary>
    [JsonStringEnumMemberName("classes")]
    Classes,

    /// <summary>Folders for training and test with a folder for each class, or the other way round.</summary>
    [JsonStringEnumMemberName("split")]
    Split,

    /// <summary>CIFAR's binary files.</summary>
    [JsonStringEnumMemberName("cifar")]
    Cifar,

    /// <summary>CelebA's images and lists.</summary>
    [JsonStringEnumMemberName("celeba")]
    CelebA,
}
