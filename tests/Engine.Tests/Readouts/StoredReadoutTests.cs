using ComodCluster.Engine.Data;
using ComodCluster.Engine.Readouts;

namespace ComodCluster.Engine.Tests.Readouts;

public class StoredReadoutTests
{
    private const int Outputs = 10,
        Width = 2_304;

    [Theory]
    [InlineData(2, 2304, StoredPrecision.Half)]
    [InlineData(10, 960, StoredPrecision.Half)]
    [InlineData(10, 2304, StoredPrecision.Byte)]
    [InlineData(10, 3840, null)]
    [InlineData(1000, 2304, StoredPrecision.Byte)]
    public void PrecisionOf_AnyReadout_IsTheFinestThatFits(int outputs, int width, StoredPrecision? expected) =>
        Assert.Equal(expected, ReadoutBudget.Of(outputs).PrecisionOf(outputs, width));

    [Fact]
    public void Bytes_OfTenClassesOfTheWidestPlace_AreWithinTheBudget()
    {
        var stored = StoredReadout.Of(Fitted(common: 0), ReadoutPlace.Means, ReadoutKind.Lda, StoredPrecision.Byte);
        Assert.Equal(stored.Weights.Length + 2 * stored.Scales.Length + 4 * stored.Bias.Length + 4, stored.Bytes);
        Assert.InRange(stored.Bytes, 0, 28 * 1024);
    }

    /// <summary>
    /// What all classes share moves no answer, but 8 bits are spent on it: once it is taken away, they answer as the
    /// unrounded weights do.
    /// </summary>
    [Theory]
    [InlineData(StoredPrecision.Half, true, 0.001)]
    [InlineData(StoredPrecision.Byte, true, 0.003)]
    [InlineData(StoredPrecision.Byte, false, 1)]
    public void Scores_OfRoundedWeights_LoseNextToNothingOnceCentred(
        StoredPrecision precision,
        bool centred,
        double most
    )
    {
        var fitted = Fitted(common: 1_000);
        var exact = Right((x, scores) => Exact(fitted, x, scores));
        var stored = StoredReadout.Of(
            centred ? fitted.Centred() : fitted,
            ReadoutPlace.Means,
            ReadoutKind.Lda,
            precision
        );
        Assert.InRange(exact, 0.9, 0.97);
        var lost = exact - Right((x, scores) => stored.Scores(x, scores));
        Assert.InRange(lost, centred ? -most : 0.2, most);
    }

    /// <summary>Weights of features of any size: their float16 neither overflows nor vanishes.</summary>
    [Theory]
    [InlineData(1e-18, StoredPrecision.Half)]
    [InlineData(1e-18, StoredPrecision.Byte)]
    [InlineData(1e15, StoredPrecision.Half)]
    [InlineData(1e15, StoredPrecision.Byte)]
    public void Scores_OfWeightsOfAnySize_AreTheirs(double size, StoredPrecision precision)
    {
        var fitted = new LinearReadout([size, -size, size / 2, size], [1, -1], [0, 0]);
        var stored = StoredReadout.Of(fitted, ReadoutPlace.Means, ReadoutKind.Ridge, precision);
        var scores = new float[2];
        stored.Scores([(float)(1 / size), (float)(2 / size)], scores);
        Assert.Equal(0, scores[0], 0.02);
        Assert.Equal(1.5, scores[1], 0.02);
        Assert.Equal(size, stored.Expand()[0], size * 0.01);
    }

    [Theory]
    [InlineData(StoredPrecision.Half)]
    [InlineData(StoredPrecision.Byte)]
    public void Constructor_OfItsOwnNumbers_AnswersTheSame(StoredPrecision precision)
    {
        var stored = StoredReadout.Of(Fitted(common: 0), ReadoutPlace.Means, ReadoutKind.Ridge, precision);
        var read = new StoredReadout(
            stored.Place,
            stored.Kind,
            stored.Weights.ToArray(),
            stored.Scales.ToArray(),
            stored.Factor,
            stored.Bias.ToArray()
        );
        float[] x = Image(0, 0),
            scores = new float[Outputs],
            again = new float[Outputs];
        stored.Scores(x, scores);
        read.Scores(x, again);
        Assert.Equal(scores, again);
        Assert.Equal((precision, Width, Outputs), (read.Precision, read.Width, read.Outputs));
        var weights = read.Expand();
        for (var k = 0; k < Outputs; k++)
            Assert.Equal(
                scores[k],
                stored.Bias[k] + Enumerable.Range(0, Width).Sum(j => weights[k * Width + j] * x[j]),
                1e-2
            );
    }

    [Theory]
    [InlineData(7, 2, 2, 1f)]
    [InlineData(8, 3, 2, 1f)]
    [InlineData(8, 0, 0, 1f)]
    [InlineData(0, 0, 2, 1f)]
    [InlineData(8, 0, 2, float.NaN)]
    public void Constructor_OfNumbersThatDoNotFit_Refuses(int weights, int scales, int biases, float factor) =>
        Assert.Equal(
            "state-unreadable",
            Assert
                .Throws<InputException>(() =>
                    new StoredReadout(
                        ReadoutPlace.Means,
                        ReadoutKind.Lda,
                        new byte[weights],
                        new Half[scales],
                        factor,
                        new float[biases]
                    )
                )
                .Code
        );

    // Weights of the classes, and what all of them share; features are noise about 1, and a class's weights on top.
    private static LinearReadout Fitted(double common)
    {
        var weight = new double[Outputs * Width];
        for (var k = 0; k < Outputs; k++)
        for (var j = 0; j < Width; j++)
            weight[k * Width + j] = Pattern(k, j) + common * CounterRandom.Normal(9, 9, (ulong)j);
        return new(weight, new double[Outputs], [.. Enumerable.Repeat(1.0, Width)]);
    }

    private static double Pattern(int k, int j) => CounterRandom.Normal(1, (ulong)k, (ulong)j);

    private static float[] Image(int k, int i) =>
        [
            .. Enumerable
                .Range(0, Width)
                .Select(j => (float)(1 + 0.07 * Pattern(k, j) + CounterRandom.Normal(2, (ulong)i, (ulong)j))),
        ];

    private static double Right(ScoresOf answer)
    {
        var right = 0;
        const int images = 1_000;
        var scores = new float[Outputs];
        for (var i = 0; i < images; i++)
        {
            answer(Image(i % Outputs, i), scores);
            right += Array.IndexOf(scores, scores.Max()) == i % Outputs ? 1 : 0;
        }
        return right / (double)images;
    }

    private delegate void ScoresOf(ReadOnlySpan<float> features, Span<float> scores);

    private static void Exact(LinearReadout fitted, ReadOnlySpan<float> x, Span<float> scores)
    {
        for (var k = 0; k < Outputs; k++)
        {
            var score = 0.0;
            for (var j = 0; j < Width; j++)
                score += fitted.Weight[k * Width + j] * (x[j] - fitted.Mean[j]);
            scores[k] = (float)score;
        }
    }
}
