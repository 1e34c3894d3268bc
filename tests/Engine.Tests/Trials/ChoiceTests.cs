using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Trials;

public class ChoiceTests
{
    // Image by image: readout is the worst by far, comodulation the best by little.
    private static readonly double[] Readout = [0.8, 0.9, 0.7, 0.8],
        Gain = [0.5, 0.6, 0.4, 0.5],
        Difference = [0.5, 0.5, 0.5, 0.5],
        Comodulation = [0.7, 0.2, 0.6, 0.3];

    [Fact]
    public void Candidates_OfTheTable_AreTheSimplestFirst() =>
        Assert.Equal([Method.Readout, Method.Gain, Method.Difference, Method.Comodulation], MethodTraits.Candidates);

    [Fact]
    public void Decide_TheSmallestLoss_WinsAlsoByLittleAmongThoseThatChangeTheNetwork()
    {
        var choice = Choice.Decide([
            (Method.Comodulation, Of(Comodulation)),
            (Method.Gain, Of(Gain)),
            (Method.Difference, Of(Difference)),
            (Method.Readout, Of(Readout)),
        ])!;

        Assert.Equal((Method.Comodulation, 4, 4), (choice.Method, choice.Folds, choice.Images));
        Assert.Equal(MethodTraits.Candidates, choice.Candidates.Select(c => c.Method));
        var gain = choice.Candidates[1];
        Assert.Equal(0.05, gain.Difference!.Value, 1e-9);
        Assert.True(gain.Difference < gain.StandardError);
        Assert.Equal((0, 0), (choice.Candidates[3].Difference, choice.Candidates[3].StandardError));
        Assert.Equal(
            "comodulation: held-out loss 0.450 against 0.500 of gain, 0.500 of difference and 0.800 of readout (4 "
                + "folds of 4 examples)",
            choice.Reason
        );
    }

    [Fact]
    public void Decide_EqualLosses_TakesTheSimpler()
    {
        Assert.Equal(
            Method.Gain,
            Choice
                .Decide([
                    (Method.Readout, Of(Readout)),
                    (Method.Comodulation, Of(Gain)),
                    (Method.Difference, Of(Gain)),
                    (Method.Gain, Of(Gain)),
                ])!
                .Method
        );
        Assert.Equal(
            Method.Readout,
            Choice.Decide([(Method.Comodulation, Of(Gain)), (Method.Readout, Of(Gain))])!.Method
        );
    }

    [Fact]
    public void Decide_BetterThanTheReadoutByLessThanOneStandardError_KeepsTheReadout()
    {
        // Differences 0.3, -0.3, 0.3, 0: mean 0.075, standard error 0.144.
        var choice = Choice.Decide([
            (Method.Readout, Of([0.8, 0.5, 0.9, 0.6])),
            (Method.Gain, Of([0.5, 0.8, 0.6, 0.6])),
        ])!;

        Assert.Equal(Method.Readout, choice.Method);
        Assert.Equal(
            "readout: held-out loss 0.700 against 0.625 of gain (4 folds of 4 examples); gain is better by 0.075, "
                + "which is within one standard error, 0.144",
            choice.Reason
        );
        // Differences 0.3, 0.1, 0.3, 0.1: mean 0.2, standard error 0.058.
        Assert.Equal(
            Method.Gain,
            Choice.Decide([(Method.Readout, Of([0.8, 0.9, 0.9, 0.7])), (Method.Gain, Of([0.5, 0.8, 0.6, 0.6]))])!.Method
        );
    }

    [Fact]
    public void Decide_CandidatesThatDiverged_AreOut()
    {
        var choice = Choice.Decide([
            (Method.Readout, null),
            (Method.Gain, new HeldOut(1, Gain, 0.5)),
            (Method.Difference, Of([0.1, double.NaN, 0.1, 0.1])),
            (Method.Comodulation, Of([double.NegativeInfinity, 0, 0, 0])),
        ])!;

        Assert.Equal(Method.Gain, choice.Method);
        Assert.Equal(
            "gain: held-out loss 0.500 (4 images held out); readout, difference and comodulation diverged",
            choice.Reason
        );
        Assert.Equal([null, 0.5, null, null], choice.Candidates.Select(c => c.Loss));
        Assert.All(
            choice.Candidates.Where(c => c.Loss is null),
            c => Assert.Equal((null, null, null), (c.Accuracy, c.Difference, c.StandardError))
        );
        Assert.Null(Choice.Decide([(Method.Readout, null), (Method.Gain, Of([double.NaN]))]));
    }

    private static HeldOut Of(double[] losses) => new(4, losses, 0.5);
}
