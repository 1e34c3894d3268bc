using System.Text.Json.Nodes;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Tests.Execution;

namespace ComodCluster.Engine.Tests.Tasks;

/// <summary>Readouts in closed form as states hold them.</summary>
public class PlacedReadoutTests
{
    private static readonly TaskDefinition Task = new(ReadoutMode.Own, LossKind.Classes, Tiny.Classes, [0, 1, 2], []);

    public static MatrixTheoryData<string, StoredPrecision> Everything { get; } =
        new(
            ReadoutPlace.CandidatesOf(Tiny.Spec).Select(p => p.Name).Append("layer2").Append("layer1:2x2"),
            Enum.GetValues<StoredPrecision>()
        );

    [Theory]
    [MemberData(nameof(Everything))]
    public void Serialize_AnyPlaceAndPrecision_IsReadBackBitByBit(string place, StoredPrecision precision)
    {
        var state = Placed.State(Task, Placed.Readout(Tiny.Spec, ReadoutPlace.Parse(place), precision));

        var blob = state.Serialize();
        var read = TaskState.Parse(blob);

        Assert.Equal(blob, read.Serialize());
        var (before, after) = (state.Placed!.Stored, read.Placed!.Stored);
        Assert.Equal((before.Place, before.Kind, before.Factor), (after.Place, after.Kind, after.Factor));
        Assert.Equal(state.Placed.Features, read.Placed.Features);
        Assert.Equal(Method.Readout, read.Settings.Method);
        float[] features = [.. Enumerable.Range(0, before.Width).Select(i => 0.01f * i)],
            expected = new float[3],
            scores = new float[3];
        before.Scores(features, expected);
        after.Scores(features, scores);
        Assert.Equal(expected, scores);
    }

    /// <summary>What another program needs: the numbers, and by which stages, pools and cells they go.</summary>
    [Fact]
    public void Serialize_PlacedReadout_NamesItsFeaturesInTheMetadata()
    {
        var file = SafeTensors.Read(
            Placed.State(Task, Placed.Readout(Tiny.Spec, ReadoutPlace.Means, StoredPrecision.Byte)).Serialize()
        );

        Assert.Equal("4", file.Metadata["comod.format"]);
        var described = JsonNode.Parse(file.Metadata["comod.readout"])!;
        Assert.Equal(("means", "lda"), ((string?)described["place"], (string?)described["kind"]));
        Assert.Equal(
            ["layer1 1 8", "layer2 1 16", "layer3 1 32"],
            described["features"]!.AsArray().Select(f => $"{f!["stage"]} {f["side"]} {f["channels"]}")
        );
        Assert.Equal(
            ["readout.bias", "readout.scale", "readout.weight"],
            file.Tensors.Keys.Order(StringComparer.Ordinal)
        );
        // By the formula of the metadata, from the file alone.
        var (weight, scale, bias) = (
            file.Tensors["readout.weight"],
            file.Tensors["readout.scale"].ToFloats(),
            file.Tensors["readout.bias"].ToFloats()
        );
        Assert.Equal([3L, 56L], weight.Shape);
        float[] features = [.. Enumerable.Range(0, 56).Select(i => MathF.Sin(i))],
            scores = new float[3];
        TaskState
            .Parse(Placed.State(Task, Placed.Readout(Tiny.Spec, ReadoutPlace.Means, StoredPrecision.Byte)).Serialize())
            .Placed!.Stored.Scores(features, scores);
        for (var k = 0; k < 3; k++)
            Assert.Equal(
                (double)described["factor"]!
                    * Enumerable
                        .Range(0, 56)
                        .Sum(j => (sbyte)weight.Bytes.Span[k * 56 + j] * scale[j] * (double)features[j])
                    + bias[k],
                scores[k],
                1e-4
            );
    }

    [Theory]
    [InlineData("comod.readout", "{\"place\":\"layer3:3x2\",\"kind\":\"lda\",\"factor\":1,\"features\":[]}")]
    [InlineData("comod.readout", "{\"place\":\"means\",\"kind\":\"forest\",\"factor\":1,\"features\":[]}")]
    [InlineData("comod.readout", "{\"place\":\"means\"")]
    [InlineData("comod.readout", null)]
    public void Parse_ADescriptionThatIsNone_IsRefusedInOneSentence(string key, string? value)
    {
        var file = SafeTensors.Read(Placed.State(Task, Placed.Readout(Tiny.Spec, ReadoutPlace.Means)).Serialize());
        var metadata = file.Metadata.ToDictionary();
        metadata.Remove(key);
        if (value is not null)
            metadata[key] = value;

        Assert.Equal(
            "state-unreadable",
            Assert
                .Throws<InputException>(() => TaskState.Parse(SafeTensors.Write([.. file.Tensors.Values], metadata)))
                .Code
        );
    }

    /// <summary>Builds before places called it readout, and serve it as that.</summary>
    [Fact]
    public void Serialize_ReadoutPenultimate_IsTheReadoutOfEarlierBuilds()
    {
        TaskState Of(Method method) =>
            new()
            {
                Task = Task,
                Settings = Tiny.SettingsOf(method),
                BackboneDigest = Tiny.Digest,
                Profile = "",
                DecoderGain = [1, 1],
                Readout = [1, 2, 3, 4, 5, 6],
                Bias = [0, 0, 0],
            };

        var blob = Of(Method.ReadoutPenultimate).Serialize();

        Assert.Equal(Of(Method.Readout).Serialize(), blob);
        Assert.Equal("1", SafeTensors.Read(blob).Metadata["comod.format"]);
        Assert.Equal(Method.ReadoutPenultimate, TaskState.Parse(blob).Settings.Method);
        Assert.Equal(
            Method.Readout,
            TaskState
                .Parse((Of(Method.Readout) with { Task = Task with { Mode = ReadoutMode.Head } }).Serialize())
                .Settings.Method
        );
    }
}
