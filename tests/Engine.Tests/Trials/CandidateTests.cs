using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Trials;

public class CandidateTests
{
    private static readonly Scores Untouched = new([0.5, 0.7, 0.3, 0.5], 3);

    [Fact]
    public void Least_OfEqualLosses_IsTheFirstAndOneThatIsNotFiniteIsOut()
    {
        Candidate[] steps =
        [
            After(4, 0.6),
            After(8, 0.4),
            After(12, 0.4),
            After(16, double.NaN),
            After(20, double.NegativeInfinity),
        ];
        Assert.Same(steps[1], Candidate.Least(steps));
        Assert.Null(Candidate.Least(steps[3..]));
    }

    [Fact]
    public void Compared_BetterByLittle_IsServedAndATieGoesToTheBaseAndSaysSo()
    {
        Assert.Equal(
            (8, null),
            (
                Candidate.Compared(Untouched, After(8, 0.49)).Candidate.Step,
                Candidate.Compared(Untouched, After(8, 0.49)).Kept
            )
        );
        foreach (var loss in new[] { 0.5, 0.499_995, 0.6 })
        {
            var verdict = Candidate.Compared(Untouched, After(8, loss));
            Assert.True(verdict.Candidate.IsBase);
            Assert.Same(Untouched, verdict.Candidate.Scores);
            Assert.Equal(
                $"the base is kept: no step is better on held-out images: {loss:0.000} after 8 steps against 0.500 "
                    + $"of the base on 4 images",
                verdict.Kept
            );
        }
    }

    [Fact]
    public void OfFolds_BetterByLessThanOneStandardError_KeepsTheBase()
    {
        // Differences -0.3, 0.1, -0.1, 0.1: mean -0.05, standard error 0.096.
        var verdict = Candidate.OfFolds(Untouched, new Candidate(12, true, new([0.2, 0.8, 0.2, 0.6], 4)));
        Assert.True(verdict.Candidate.IsBase);
        Assert.Equal(
            "the base is kept: no step is better on held-out images by more than one standard error, 0.096: 0.450 "
                + "after 12 steps against 0.500 of the base on 4 images",
            verdict.Kept
        );
        // Differences -0.3, -0.1, -0.1, -0.1: mean -0.15, standard error 0.05.
        var better = new Candidate(12, true, new([0.2, 0.6, 0.2, 0.4], 4));
        Assert.Equal(new Verdict(better, null), Candidate.OfFolds(Untouched, better));
        Assert.True(Candidate.OfFolds(Untouched, new Candidate(4, false, Untouched)).Candidate.IsBase);
    }

    [Fact]
    public void Verdict_WhereNoLossIsFinite_KeepsTheBase()
    {
        foreach (var verdict in new[] { Candidate.Compared(Untouched, null), Candidate.OfFolds(Untouched, null) })
            Assert.Equal(
                (0, "the base is kept: no step has a finite held-out loss"),
                (verdict.Candidate.Step, verdict.Kept)
            );
    }

    private static Candidate After(int step, double loss) => new(step, false, new([loss, loss, loss, loss], 3));
}
