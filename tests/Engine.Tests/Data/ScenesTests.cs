using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Scenes;

namespace ComodCluster.Engine.Tests.Data;

public class ScenesTests
{
    [Fact]
    public void Draw_SameArguments_SamePixels()
    {
        foreach (var part in Enum.GetValues<PartClass>())
        {
            var image = PartRenderer.Draw(part, 5, 17);
            Assert.Equal(image.Rgb, PartRenderer.Draw(part, 5, 17).Rgb);
            Assert.NotEqual(image.Rgb, PartRenderer.Draw(part, 5, 18).Rgb);
            Assert.NotEqual(image.Rgb, PartRenderer.Draw(part, 6, 17).Rgb);
            Assert.Equal((16, 16), (image.Width, image.Height));
        }
    }

    [Fact]
    public void Draw_FromManyThreads_SamePixels()
    {
        var expected = Enumerable
            .Range(0, 200)
            .Select(i => PartRenderer.Draw((PartClass)(i % 10), 1, (ulong)i).Rgb)
            .ToArray();

        Parallel.For(0, 200, i => Assert.Equal(expected[i], PartRenderer.Draw((PartClass)(i % 10), 1, (ulong)i).Rgb));
    }

    [Fact]
    public void Draw_SameLookDifferentPart_DiffersWhereThePartIs()
    {
        // All that varies but the part is drawn from (seed, counter): the corner shows the same belt, the middle
        // another part.
        var gear = PartRenderer.Draw(PartClass.Gear, 1, 3, 64);
        var washer = PartRenderer.Draw(PartClass.Washer, 1, 3, 64);

        Assert.Equal(gear.Pixel(1, 1).ToArray(), washer.Pixel(1, 1).ToArray());
        Assert.True(gear.Rgb.Zip(washer.Rgb).Count(p => p.First != p.Second) > 500);
    }

    [Fact]
    public void Draw_EveryClass_IsToldApartByItsOutline()
    {
        // With colour, light and rotation left out, a nearest-mean rule on radial brightness profiles must beat chance
        // (0.1) clearly.
        const int perClass = 60;
        var profiles = Enum.GetValues<PartClass>()
            .Select(part =>
                Enumerable
                    .Range(0, perClass)
                    .Select(i => Profile(PartRenderer.Draw(part, 9, (ulong)((int)part * 1000 + i))))
                    .ToArray()
            )
            .ToArray();
        var means = profiles.Select(of => Mean(of[..(perClass / 2)])).ToArray();

        var right = 0;
        for (var part = 0; part < profiles.Length; part++)
            right += profiles[part]
                [(perClass / 2)..]
                .Count(p => Array.IndexOf(means, means.MinBy(m => Distance(m, p))) == part);

        Assert.InRange(right / (double)(profiles.Length * perClass / 2), 0.3, 1);
    }

    [Fact]
    public void Object_OfEverySplitAndClass_IsItsOwnPicture()
    {
        var scenes = new SceneObjects(3);
        var seen = new HashSet<string>();
        for (var label = 0; label < scenes.Classes.Count; label++)
            foreach (var split in Enum.GetValues<DatasetSplit>())
            foreach (var index in new[] { 0, 1, 999 })
                Assert.True(seen.Add(Convert.ToHexString(scenes.Object(split, label, index).Rgb)));

        Assert.Equal(
            ["bearing", "bolt", "bracket", "clip", "gear", "nut", "pin", "screw", "spring", "washer"],
            scenes.Classes
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => scenes.Object(DatasetSplit.Test, 0, 1_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => scenes.Object(DatasetSplit.Test, 10, 0));
    }

    /// <summary>Spread of brightness in eight rings around the centre, over the spread of the whole.</summary>
    private static double[] Profile(RgbImage image)
    {
        var rings = new List<double>[8];
        for (var r = 0; r < rings.Length; r++)
            rings[r] = [];
        for (var y = 0; y < 16; y++)
        for (var x = 0; x < 16; x++)
        {
            var ring = (int)Math.Sqrt((x - 7.5) * (x - 7.5) + (y - 7.5) * (y - 7.5));
            if (ring < rings.Length)
                rings[ring].Add(image.Pixel(x, y).ToArray().Max(b => (double)b));
        }
        var overall = Spread([.. rings.SelectMany(r => r)]);
        var centre = rings[7].Average();
        return [.. rings.SelectMany(r => new[] { Spread(r) / overall, Math.Abs(r.Average() - centre) / overall })];
    }

    private static double Spread(List<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }

    private static double[] Mean(double[][] profiles) =>
        [.. Enumerable.Range(0, profiles[0].Length).Select(i => profiles.Average(p => p[i]))];

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();
}
