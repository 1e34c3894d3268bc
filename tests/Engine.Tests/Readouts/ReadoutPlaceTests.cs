using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Readouts;

namespace ComodCluster.Engine.Tests.Readouts;

public class ReadoutPlaceTests
{
    private static readonly BackboneSpec ResNet18 = BackboneSpec.ResNet18("a", "b");

    [Fact]
    public void Candidates_ResNet18_ArePoolsThenCells()
    {
        var places = ReadoutPlace.CandidatesOf(ResNet18);

        Assert.Equal(
            ["penultimate", "means", "layer2:2x2", "layer2:3x3", "layer3:2x2", "layer3:3x3", "layer2:3x3[0,0]"],
            places.Take(7).Select(p => p.Name)
        );
        Assert.Equal("layer3:3x3[2,2]", places[^1].Name);
        Assert.Equal(6 + 2 * 9, places.Count);
        Assert.Equal(places, places.Select(p => ReadoutPlace.Parse(p.Name)));
        Assert.Equal([512, 960, 512, 1152, 1024, 2304, 128], places.Take(7).Select(p => p.WidthOf(ResNet18)));
    }

    /// <summary>Fewer stages, or activations with fewer places than cells.</summary>
    [Theory]
    [InlineData(1, 48, "penultimate")]
    [InlineData(2, 48, "penultimate means layer2:2x2 layer2:3x3")]
    [InlineData(3, 8, "penultimate means layer2:2x2 layer2:3x3 layer3:2x2")]
    public void Candidates_SmallNetwork_AreWhatItHas(int stages, int side, string names)
    {
        var spec = BackboneSpec.Cifar(8, [.. Enumerable.Repeat(1, stages)], ["a", "b"], side);

        Assert.Equal(
            names,
            string.Join(' ', ReadoutPlace.CandidatesOf(spec).Where(p => p.Cell is null).Select(p => p.Name))
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("layer0")]
    [InlineData("layer3:3x2")]
    [InlineData("layer3:1x1")]
    [InlineData("layer3:3x3[3,0]")]
    [InlineData("layer3:3x3[0,3]")]
    [InlineData("layer3:3x3[0]")]
    [InlineData("Means")]
    public void Parse_NoPlace_Throws(string name) => Assert.Throws<FormatException>(() => ReadoutPlace.Parse(name));

    [Fact]
    public void Copy_EveryPlace_TakesItsPartOfTheRecord()
    {
        var layout = new RecordLayout(ResNet18);
        Assert.Equal(5952, layout.Width);
        float[] record = [.. Enumerable.Range(0, layout.Width).Select(i => (float)i)];

        Assert.All(
            layout.Places,
            place =>
            {
                var features = new float[layout.WidthOf(place)];
                layout.Copy(place, record, features);
                var first = layout.OffsetOf(place.PoolsOf(ResNet18)[0]);
                Assert.Equal(first + (place.Cell ?? 0) * place.PoolsOf(ResNet18)[0].ChannelsOf(ResNet18), features[0]);
                Assert.Equal(place.WidthOf(ResNet18), features.Length);
                Assert.Equal(Enumerable.Range((int)features[0], features.Length).Select(i => (float)i), features);
            }
        );
    }
}
