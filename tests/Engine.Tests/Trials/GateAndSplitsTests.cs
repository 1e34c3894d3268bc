using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Statistics;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Trials;

public class GateAndSplitsTests
{
    [Fact]
    public void Decide_WorseByMoreThanOneStandardError_Rejects()
    {
        double[] reference = [0.5, 0.6, 0.4, 0.5];
        Assert.True(Gate.Decide([1.5, 1.7, 1.3, 1.4], reference).Rejected);
        Assert.False(Gate.Decide([0.4, 0.5, 0.3, 0.4], reference).Rejected);
        Assert.False(Gate.Decide([0.9, 0.3, 0.6, 0.3], reference).Rejected);
        Assert.True(Gate.Decide([double.NaN, 0.3, 0.6, 0.3], reference).Rejected);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(50)]
    public void Draw_OfAnImbalancedSet_KeepsTheSharesAndRepeats(int count)
    {
        int[] classes = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? 1 : 0)];
        var drawn = Splits.Draw(classes, count, 5);
        Assert.Equal(count, drawn.Distinct().Count());
        Assert.InRange(drawn.Count(i => classes[i] == 1), count / 3, count / 3 + 1);
        Assert.Equal(drawn, Splits.Draw(classes, count, 5));
        Assert.NotEqual(drawn, Splits.Draw(classes, count, 6));
    }

    [Fact]
    public void Draw_MoreThanThereAre_SaysHowMany() =>
        Assert.Contains(
            "has 4",
            Assert.Throws<InputException>(() => Splits.Draw([0, 1, 0, 1], 9, 0)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Draw_LeavingAClassWithOne_IsRefused() =>
        Assert.Equal(
            "examples-too-few",
            Assert.Throws<InputException>(() => Splits.Draw([0, 0, 0, 0, 0, 0, 0, 1, 1], 4, 0)).Code
        );

    [Fact]
    public void Parts_OfThreeShares_AreDisjointStratifiedAndWhole()
    {
        int[] classes = [.. Enumerable.Range(0, 100).Select(i => i % 2)];
        var parts = Splits.Parts(classes, [0.6, 0.2, 0.2], 3);
        Assert.Equal([60, 20, 20], parts.Select(p => p.Length));
        Assert.Equal(100, parts.SelectMany(p => p).Distinct().Count());
        Assert.All(parts, p => Assert.Equal(p.Length / 2, p.Count(i => classes[i] == 1)));
    }

    [Fact]
    public void Folds_HoldEveryExampleOnce()
    {
        var folds = Splits.Folds([.. Enumerable.Range(0, 21).Select(i => i % 3)], 4, 1);
        Assert.Equal(Enumerable.Range(0, 21), folds.SelectMany(f => f).Order());
        Assert.All(folds, f => Assert.InRange(f.Length, 5, 6));
    }

    [Theory]
    [InlineData("mu", 0.0)]
    [InlineData("sigma", 0.0)]
    [InlineData("batch", 7.0)]
    [InlineData("rho", 0.5)]
    public void Validate_ASettingOutOfRange_NamesIt(string setting, double value)
    {
        var s = new TaskSettings();
        s = setting switch
        {
            "mu" => s with { Mu = value },
            "sigma" => s with { Sigma = value },
            "batch" => s with { Batch = (int)value },
            _ => s with { Rho = value },
        };
        Assert.Contains(
            $"setting {setting} is",
            Assert.Throws<InputException>(s.Validate).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Rows_OfAStep_AreDistinctAndAFunctionOfSeedAndStep()
    {
        var rows = Sampler.Rows(40, 32, 1, 7);
        Assert.Equal(32, rows.Distinct().Count());
        Assert.Equal(rows, Sampler.Rows(40, 32, 1, 7));
        Assert.NotEqual(rows, Sampler.Rows(40, 32, 1, 8));
        Assert.Equal(Enumerable.Range(0, 9), Sampler.Rows(9, 32, 1, 7));
    }
}
