using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Backbones.Training;

namespace ComodCluster.Engine.Tests.Backbones.Training;

public class TrainingMemoryTests
{
    private const long Gigabyte = 1L << 30;

    /// <summary>Each of the numbers that a request can make large.</summary>
    [Theory]
    [InlineData(16, 128, 20_000, null)]
    [InlineData(16, 4096, 20_000, null)]
    [InlineData(128, 128, 20_000, null)]
    [InlineData(128, 4096, 20_000, "needs at least 42.9 GB of memory (20,000 images, batches of 4096, width 128)")]
    [InlineData(16, 128, 2_000_000, "needs at least 32.9 GB of memory (2,000,000 images, batches of 128, width 16)")]
    [InlineData(16, 128, 3_000_000, "has 3,000,000 images and 2,796,202 are possible")]
    public void Require_WhatCannotFitInto16Gigabytes_IsRefusedWithFigures(
        int width,
        int batch,
        long objects,
        string? refused
    )
    {
        var spec = BackboneSpec.Cifar(width, [2, 2, 2, 2], ["a", "b"], 48);
        var failure = Record.Exception(() => TrainingMemory.Require(spec, batch, objects, true, 16 * Gigabyte));

        if (refused is null)
            Assert.Null(failure);
        else
        {
            Assert.Equal("training-too-large", Assert.IsType<InputException>(failure).Code);
            Assert.Contains(refused, failure.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Its own memory says when the network does not fit.</summary>
    [Fact]
    public void Require_NetworkOnAGpu_CountsTheImagesOnly() =>
        TrainingMemory.Require(
            BackboneSpec.Cifar(128, [2, 2, 2, 2], ["a", "b"], 48),
            4096,
            20_000,
            onHost: false,
            Gigabyte
        );
}
