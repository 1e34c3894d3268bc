using System.ComponentModel;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Api.Planning;

/// <summary>A task to plan for; nothing is registered.</summary>
[GenerateSerializer, Alias("comod.PlanRequest")]
public sealed record PlanRequest
{
    /// <summary>Longest time that a plan may take.</summary>
    public const int MaxSeconds = 600;

    /// <summary>Name of a backbone; not given: the ResNet-18 trained on ImageNet that ships with the silo.</summary>
    [Id(0), DefaultValue(BackboneNames.Default)]
    public string Backbone { get; init; } = BackboneNames.Default;

    [Id(1)]
    public required string Dataset { get; init; }

    /// <summary>Classes (or attributes) that the task decides between; null: all of the data set.</summary>
    [Id(2)]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Null: head where the backbone knows all classes, else own.</summary>
    [Id(3)]
    public ReadoutMode? Readout { get; init; }

    /// <summary>
    /// Settings of the adaptation that is planned. The plan proposes the cut and checks sigma; examples, steps, batch,
    /// granularity and gate are taken from here. What is planned modulates one layer: further ones are left out.
    /// </summary>
    [Id(4)]
    public MethodOptions? Options { get; init; }

    /// <summary>Draws the images that are looked at, and their folds [0].</summary>
    [Id(5)]
    public int? Seed { get; init; }

    /// <summary>Training images that are looked at, at most, 16 to 512 [512].</summary>
    [Id(6)]
    public int? Images { get; init; }

    /// <summary>
    /// By how much the noise may raise the expected held-out loss, as a share of the loss without couplings, above 0
    /// and at most 1 [0.01].
    /// </summary>
    [Id(7)]
    public double? LossBound { get; init; }
}
