using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Tests.Execution;

namespace ComodCluster.Engine.Tests.Tasks;

/// <summary>
/// States of earlier builds: decoder gains of layers and of classes are refused, what only trained differently is
/// served.
/// </summary>
public class RemovedGainsTests
{
    private static readonly TaskState s_state = new()
    {
        Task = new TaskDefinition(ReadoutMode.Head, LossKind.Classes, Tiny.Classes, [0, 1, 2], [0, 1, 2]),
        Settings = Tiny.Settings,
        BackboneDigest = Tiny.Digest,
        Profile = "",
        DecoderGain = [0.5f, 1.5f],
        Readout = [1, 2, 3, 4, 5, 6],
        Bias = [0, 0, 0],
    };

    [Fact]
    public void Serialize_OneModulatedLayer_IsTheFormatOfTheFirstBuilds()
    {
        var file = SafeTensors.Read(s_state.Serialize());

        Assert.Equal("1", file.Metadata["comod.format"]);
        Assert.Equal(
            "2",
            SafeTensors.Read((s_state with { Settings = Tiny.Settings with { Also = "layer3" } }).Serialize()).Metadata[
                "comod.format"
            ]
        );
        Assert.Equal(["decoder_gain", "readout.bias", "readout.weight"], file.Tensors.Keys.Order());
        Assert.Equal([2L], file.Tensors["decoder_gain"].Shape);
    }

    [Fact]
    public void Parse_SettingsThatOnlyTrained_AreReadOver()
    {
        var state = TaskState.Parse(
            Earlier(
                settings: "\"nonNegative\":true,\"nodes\":5,\"strength\":2,\"refreshFrom\":9,\"labelForm\":\"Absolute\",\"optimizer\":\"Momentum\",",
                format: "1"
            )
        );

        Assert.Equal(s_state.Settings, state.Settings);
        Assert.Equal(s_state.Serialize(), state.Serialize());
    }

    [Theory]
    [InlineData("gainAt", "3")]
    [InlineData("gainPer", "2")]
    public void Parse_GainsThatThisBuildDoesNotServe_AreRefusedByTheirSetting(string setting, string format)
    {
        SafeTensor gains =
            setting == "gainAt"
                ? SafeTensor.Of("decoder_gain.layers", [4], [1, 1, 1, 1])
                : SafeTensor.Of("decoder_gain", [3, 2], [0.5f, 1.5f, 1, 1, 1, 1]);

        var refusal = Assert.Throws<InputException>(() =>
            TaskState.Parse(Earlier($"\"{setting}\":\"x\",", format, gains))
        );

        Assert.Equal("settings-removed", refusal.Code);
        Assert.StartsWith(
            $"The version was made with the setting {setting}, ",
            refusal.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "activate another version, or adapt the task again.",
            refusal.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Parse_AFormatAfterThoseEverWritten_IsOfALaterBuild() =>
        Assert.Contains(
            "update the program",
            Assert.Throws<InputException>(() => TaskState.Parse(Earlier("", "5"))).Message,
            StringComparison.Ordinal
        );

    /// <summary>The state as an earlier build wrote it.</summary>
    private static byte[] Earlier(string settings, string format, SafeTensor? gains = null)
    {
        var file = SafeTensors.Read(s_state.Serialize());
        var metadata = new SortedDictionary<string, string>(file.Metadata.ToDictionary(), StringComparer.Ordinal)
        {
            ["comod.format"] = format,
        };
        metadata["comod.settings"] = "{" + settings + metadata["comod.settings"][1..];
        return SafeTensors.Write(
            [
                .. file.Tensors.Values.Where(t => t.Name != gains?.Name),
                .. gains is null ? Array.Empty<SafeTensor>() : [gains],
            ],
            metadata
        );
    }
}
