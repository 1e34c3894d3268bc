using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Readouts;

namespace ComodCluster.Engine.Tests.Readouts;

public class ClosedFormReadoutTests
{
    private const int Unseen = 10_000; // first row of images that no readout was fitted to

    private static readonly ReadoutPlace Cell = ReadoutPlace.Of(new StagePool(3, 3), 1, 2);

    [Fact]
    public void Choose_WhereOneCellTellsTheClasses_TakesThatCell()
    {
        var records = Records(Balanced(5, 20), PartOf(Cell), by: 1.2);
        var fit = Choose(records, Classes(records, 5));

        Assert.Equal(Cell, fit.Place);
        Assert.Equal(5, fit.Folds);
        Assert.Equal(Enumerable.Range(0, 100), fit.HeldOut);
        Assert.StartsWith($"{Name(fit.Kind)} on layer3:3x3[1,2]: error 0.", fit.Reason, StringComparison.Ordinal);
        Assert.InRange(fit.Candidates.Min(c => c.Error), 0, 0.1);
        Assert.InRange(fit.Candidates.Where(c => c.Place == ReadoutPlace.Penultimate).Min(c => c.Error), 0.6, 1);

        // Of images that it has not seen it is right about as often as out of fold, and about as often as it says.
        var others = Records(Balanced(5, 60), PartOf(Cell), by: 1.2, firstRow: Unseen);
        var probabilities = Enumerable.Range(0, others.Count).Select(i => ProbabilitiesOf(fit, others, i)).ToArray();
        var right = probabilities.Where((p, i) => Array.IndexOf(p, p.Max()) == i % 5).Count() / 300.0;
        Assert.InRange(right, 0.85, 1);
        Assert.InRange(probabilities.Average(p => p.Max()) - right, -0.1, 0.1);
    }

    [Fact]
    public void Choose_WhereNothingIsClearlyBetter_TakesTheMeans()
    {
        var records = Records(Balanced(3, 20), 0..60, by: 0.8);
        var fit = Choose(records, Classes(records, 3));
        Assert.Equal(ReadoutPlace.Means, fit.Place);
    }

    /// <summary>Two dozen places that tell nothing: one is better by chance, and seldom taken for it.</summary>
    [Fact]
    public void Choose_WherePlacesDifferByChanceAlone_TakesTheMeans()
    {
        var places = Enumerable
            .Range(0, 10)
            .Select(draw => Records(Balanced(4, 6), Range.All, by: 0, firstRow: 100 * draw))
            .Select(records => Choose(records, Classes(records, 4)).Place);
        Assert.InRange(places.Count(place => place == ReadoutPlace.Means), 8, 10);
    }

    [Fact]
    public void Choose_Again_HasTheSameBytes()
    {
        var records = Records(Balanced(3, 12), 0..60, by: 0.8);
        ReadoutFit first = Choose(records, Classes(records, 3)),
            second = Choose(records, Classes(records, 3));
        Assert.Equal(first.Stored.Weights.ToArray(), second.Stored.Weights.ToArray());
        Assert.Equal(first.Stored.Bias.ToArray(), second.Stored.Bias.ToArray());
        Assert.Equal(first.Reason, second.Reason);
        Assert.Equal(first.HeldOutLogits.SelectMany(l => l), second.HeldOutLogits.SelectMany(l => l));
    }

    /// <summary>What leaves too little to hold out: the means are taken, and its answers are probabilities.</summary>
    [Theory]
    [InlineData("one of each", 0, 1, 2, 3)]
    [InlineData("two of each", 0, 0, 1, 1, 2, 2, 3, 3)]
    [InlineData("one of a class", 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3)]
    [InlineData("one of all classes but one", 0, 1, 2, 3, 3, 3)]
    public void Choose_OfTooFewImages_TakesDiscriminantsOnTheMeans(string images, params int[] classes)
    {
        var records = Records(classes, 0..60, by: 2);
        var fit = Choose(records, Classes(records, 4));
        Assert.Equal((ReadoutPlace.Means, ReadoutKind.Lda, 0), (fit.Place, fit.Kind, fit.Folds));
        Assert.Empty(fit.Candidates);
        Assert.Contains("too few images of a class", fit.Reason, StringComparison.Ordinal);
        var right = classes.Where((c, i) => ProbabilitiesOf(fit, records, i).Index().MaxBy(p => p.Item).Index == c);
        Assert.True(right.Count() == classes.Length, images);
    }

    /// <summary>What tells nothing, or not everything: no failure, and probabilities that say so.</summary>
    [Theory]
    [InlineData("all features constant", 1.0)]
    [InlineData("all images alike", 1.0)]
    [InlineData("two identical classes", 0.6)]
    [InlineData("some features constant", 0.3)]
    [InlineData("features of 1e-20", 0.3)]
    [InlineData("features of 1e15", 0.3)]
    public void Choose_OfPoorFeatures_StaysFinite(string features, double most)
    {
        var classes = Balanced(3, 12);
        // Of two identical classes each image of the second is one of the first.
        var records = new MadeRecords(
            MadeRecords.Small,
            features == "two identical classes" ? [.. classes.Select(c => Math.Max(c, 1))] : classes,
            0..60,
            by: features.StartsWith("all", StringComparison.Ordinal) ? 0 : 2,
            change: (row, j, value) =>
                features switch
                {
                    "all features constant" => 0.1f,
                    "all images alike" => 0.1f * j,
                    "some features constant" => j % 3 == 0 ? 0.1f : value,
                    "features of 1e-20" => value * 1e-20f,
                    "features of 1e15" => value * 1e15f,
                    _ => value,
                }
        );
        var fit = Choose(records, ReadoutTargets.OfClasses(classes, 3));
        var probabilities = classes.Select((_, i) => ProbabilitiesOf(fit, records, i)).ToArray();
        Assert.All(probabilities, p => Assert.Equal(1, p.Sum(), 1e-3));
        Assert.InRange(fit.HeldOutLogits.Zip(classes, Wrong).Average(), 0, most);
        if (most == 1)
            Assert.All(probabilities, p => Assert.All(p, q => Assert.Equal(1 / 3.0, q, 0.02)));

        static double Wrong(float[] logits, int right) => Array.IndexOf(logits, logits.Max()) == right ? 0 : 1;
    }

    [Fact]
    public void Choose_OfAClassWithoutImages_SaysHowMany()
    {
        var records = Records([0, 0, 1], 0..60, by: 1);
        var refused = Assert.Throws<InputException>(() => Choose(records, ReadoutTargets.OfClasses([0, 0, 1], 5)));
        Assert.Equal("examples-too-few", refused.Code);
        Assert.Contains("3 of 5 classes", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Choose_OfAFeatureThatIsNoNumber_NamesTheImage(float value)
    {
        int[] classes = [0, 1, 0, 1];
        var records = new MadeRecords(
            MadeRecords.Small,
            classes,
            0..60,
            by: 1,
            change: (row, j, was) => row == 2 && j == 5 ? value : was
        );
        var refused = Assert.Throws<InputException>(() => Choose(records, ReadoutTargets.OfClasses(classes, 2)));
        Assert.Equal("features-value", refused.Code);
        Assert.Contains("training image 3 of 4", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Of attributes one is told by the cell, one never varies, and one is rare.</summary>
    [Fact]
    public void Choose_OfAttributes_ServesAllByOnePlace()
    {
        var records = Records(Balanced(2, 60), PartOf(Cell), by: 1);
        bool[][] attributes = [.. Enumerable.Range(0, 120).Select(i => new[] { i % 2 == 1, false, i % 24 == 1 })];
        var fit = Choose(records, ReadoutTargets.OfAttributes(attributes, 3));

        Assert.Equal((Cell, ReadoutKind.Lda), (fit.Place, fit.Kind));
        Assert.All(fit.Candidates, c => Assert.Equal(ReadoutKind.Lda, c.Kind));
        var others = Records(Balanced(2, 60), PartOf(Cell), by: 1, firstRow: Unseen);
        var logits = Enumerable.Range(0, 120).Select(i => Scores(fit, others, i)).ToArray();
        Assert.InRange(logits.Where((l, i) => l[0] > 0 == (i % 2 == 1)).Count(), 100, 120);
        Assert.All(logits, l => Assert.InRange(l[1], -8, -3)); // one in 240 or so
        Assert.InRange(logits.Average(l => 1 / (1 + Math.Exp(-l[2]))), 0.005, 0.15); // one in 24
    }

    /// <summary>A stratified thousand is compared, and all are fitted to.</summary>
    [Fact]
    public void Choose_OfManyImages_ComparesAThousandAndReadsAll()
    {
        var read = new HashSet<int>();
        int[] classes = [.. Enumerable.Range(0, 2_600).Select(i => i % 26 == 0 ? 2 : i % 2)];
        var records = new MadeRecords(
            MadeRecords.Small,
            classes,
            PartOf(Cell),
            by: 0.8,
            change: (row, _, value) =>
            {
                read.Add(row);
                return value;
            }
        );
        var fit = Choose(records, Classes(records, 3));
        Assert.Equal(2_600, read.Count);
        Assert.Equal(520, fit.HeldOut.Count);
        Assert.Equal(fit.HeldOut.Order(), fit.HeldOut);
        Assert.Equal(20, fit.HeldOut.Count(i => classes[i] == 2));
        Assert.Equal(Cell, fit.Place);
        Assert.DoesNotContain(fit.Candidates, c => c.Kind == ReadoutKind.Logistic);
    }

    /// <summary>More classes than images could tell places apart by: two of each of a thousand.</summary>
    [Fact]
    public void Choose_OfAThousandClasses_TakesDiscriminantsOnTheMeans()
    {
        var records = Records(Balanced(1_000, 2), 0..60, by: 4);
        var fit = Choose(records, Classes(records, 1_000));
        Assert.Equal((ReadoutPlace.Means, ReadoutKind.Lda, 0), (fit.Place, fit.Kind, fit.Folds));
        Assert.Equal(2_000, fit.HeldOut.Count);
        Assert.InRange(
            fit.HeldOut.Zip(fit.HeldOutLogits)
                .Count(h => h.Second.Index().MaxBy(l => l.Item).Index == records.Groups[h.First]),
            1_000,
            2_000
        );
        Assert.InRange(fit.Stored.Bytes, 0, ReadoutBudget.Of(1_000).Bytes);
    }

    [Fact]
    public void Choose_WhenCancelled_Stops()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        var records = Records(Balanced(2, 5), 0..60, by: 1);
        Assert.Throws<OperationCanceledException>(() =>
            ClosedFormReadout.Choose(records, Classes(records, 2), ReadoutBudget.Of(2), 0, null, cancel.Token)
        );
    }

    private static int[] Balanced(int outputs, int each) =>
        [.. Enumerable.Range(0, outputs * each).Select(i => i % outputs)];

    private static Range PartOf(ReadoutPlace place) => MadeRecords.PartOf(place);

    private static MadeRecords Records(int[] groups, Range moved, double by, int firstRow = 0) =>
        new(MadeRecords.Small, groups, moved, by, firstRow: firstRow);

    private static ReadoutTargets Classes(MadeRecords records, int outputs) =>
        ReadoutTargets.OfClasses(records.Groups, outputs);

    private static ReadoutFit Choose(MadeRecords records, ReadoutTargets targets) =>
        ClosedFormReadout.Choose(
            records,
            targets,
            ReadoutBudget.Of(targets.Outputs),
            seed: 3,
            cancel: TestContext.Current.CancellationToken
        );

    private static string Name(ReadoutKind kind) => kind.ToString().ToLowerInvariant();

    private static float[] Scores(ReadoutFit fit, MadeRecords records, int row)
    {
        var record = new float[records.Layout.Width];
        records.Read(row, record);
        var features = new float[fit.Stored.Width];
        records.Layout.Copy(fit.Place, record, features);
        var scores = new float[fit.Stored.Outputs];
        fit.Stored.Scores(features, scores);
        return scores;
    }

    private static double[] ProbabilitiesOf(ReadoutFit fit, MadeRecords records, int row)
    {
        double[] probabilities = [.. Scores(fit, records, row)];
        Probabilities.Of(probabilities, exclusive: true);
        return probabilities;
    }
}
