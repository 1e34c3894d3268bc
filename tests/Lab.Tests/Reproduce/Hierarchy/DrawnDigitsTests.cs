using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Reproduce;
using ComodCluster.Lab.Reproduce.Hierarchy;

namespace ComodCluster.Lab.Tests.Reproduce.Hierarchy;

public class DrawnDigitsTests
{
    private const int Digits = 10,
        Known = 100,
        New = 40;

    [Fact]
    public void Draw_NewDigits_AreNearestToTheMeanOfTheirOwnKind()
    {
        var random = new RandomStream(5);
        var means = Enumerable
            .Range(0, Digits)
            .Select(digit => Mean([.. Enumerable.Range(0, Known).Select(_ => DrawnDigits.Draw(digit, random))]))
            .ToArray();
        var right = Enumerable
            .Range(0, Digits)
            .Sum(digit =>
                Enumerable
                    .Range(0, New)
                    .Count(_ =>
                    {
                        var drawn = DrawnDigits.Draw(digit, random);
                        return Enumerable
                                .Range(0, Digits)
                                .MinBy(other => means[other].Zip(drawn, (a, b) => (a - b) * (a - b)).Sum()) == digit;
                    })
            );
        Assert.True(right > 0.7 * Digits * New, $"{right} of {Digits * New}");
    }

    [Fact]
    public void Draw_EveryDigit_IsInkOnNothing()
    {
        var random = new RandomStream(6);
        for (var digit = 0; digit < Digits; digit++)
        {
            var drawn = DrawnDigits.Draw(digit, random);
            Assert.All(drawn, pixel => Assert.InRange(pixel, 0, 1));
            Assert.InRange(drawn.Count(pixel => pixel > 0.5f), 8, DrawnDigits.Side * DrawnDigits.Side / 2);
        }
    }

    private static float[] Mean(float[][] drawn) =>
        [.. Enumerable.Range(0, drawn[0].Length).Select(pixel => drawn.Average(image => image[pixel]))];
}
