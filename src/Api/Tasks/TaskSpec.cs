using System.ComponentModel;
using ComodCluster.Api.Backbones;

namespace ComodCluster.Api.Tasks;

/// <summary>What a tenant registers.</summary>
[GenerateSerializer, Alias("comod.TaskSpec")]
public sealed record TaskSpec
{
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Name of a backbone; not given: the ResNet-18 trained on ImageNet that ships with the silo.</summary>
    [Id(1), DefaultValue(BackboneNames.Default)]
    public string Backbone { get; init; } = BackboneNames.Default;

    [Id(2)]
    public required string Dataset { get; init; }

    /// <summary>Classes (or attributes) that the task decides between; null: all of the data set.</summary>
    [Id(3)]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>
    /// Null: <see cref="ReadoutMode.Head"/> where the backbone knows all classes, else <see cref="ReadoutMode.Own"/>.
    /// </summary>
    [Id(4)]
    public ReadoutMode? Readout { get; init; }

    /// <summary>Settings of every adaptation that does not say otherwise.</summary>
    [Id(5)]
    public MethodOptions? Options { get; init; }
}
