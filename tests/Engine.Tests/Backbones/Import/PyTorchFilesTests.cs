using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Tests.Backbones.Import;

/// <summary>Files that PyTorch 1.13 wrote: see <c>Checkpoints/make_checkpoints.py</c>.</summary>
public class PyTorchFilesTests
{
    private static readonly BackboneSpec Small = BackboneSpec.ResNet18("x", "y", "z") with
    {
        Architecture = "resnet-1-1",
        Blocks = [1, 1],
        Width = 4,
    };

    [Theory]
    [InlineData("plain.pth")]
    [InlineData("older.pth")]
    [InlineData("trainer.pth")]
    [InlineData("trainer-older.pth")]
    [InlineData("double.pt")]
    public void Open_StateDict_IsTheFileThatDescribesItself(string name)
    {
        var file = ImportedFile.At(At(name), new(null, Small.Classes));
        Assert.Equal(Small, file.Spec);
        Assert.Equal(FormulaWeights.Tensors(Small).Select(Values), file.Tensors.Tensors.Values.Select(Values));
        // The same weights are the same backbone, whatever wrote them, and in every later build.
        Assert.StartsWith("a660e2c675105a6886400ba93367ee89", file.Tensors.Digest, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ParametersChannelsLastWithoutAHead_AreInTheOrderOfTheirDimensions()
    {
        var file = ImportedFile.At(At("parameters.pth"));
        Assert.Empty(file.Spec.Classes);
        Assert.Equal(
            FormulaWeights.Values("layer1.0.conv2.weight", [4, 4, 3, 3]),
            file.Tensors.Tensors["layer1.0.conv2.weight"].ToFloats()
        );
    }

    [Theory]
    [InlineData("namespace.pth", "argparse.Namespace")]
    [InlineData("whole.pth", "torch.nn.modules.container.Sequential")]
    [InlineData("whole-older.pth", "torch.nn.modules.container.Sequential")]
    public void Open_CheckpointThatNamesAClass_IsRefusedWithThatName(string name, string named) =>
        Assert.Equal(
            $"The PyTorch checkpoint names '{named}', which weights do not need, and nothing of a file is executed: "
                + "save the weights alone with torch.save(model.state_dict(), \"weights.pth\").",
            ImportedFile.Refusal(File.ReadAllBytes(At(name)))
        );

    private static (string, string, float[]) Values(SafeTensor tensor) =>
        (tensor.Name, string.Join(',', tensor.Shape), tensor.ToFloats());

    private static string At(string name) =>
        Path.Combine(AppContext.BaseDirectory, "Backbones", "Import", "Checkpoints", name);
}
