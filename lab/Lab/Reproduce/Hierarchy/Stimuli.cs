using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Draws images and computes what the front end makes of them.</summary>
internal sealed class Stimuli(GaborBank bank, HierarchySettings settings)
{
    /// <summary>Places are at least this many positions from the border.</summary>
    private int Border => settings.Border;

    private int Places => bank.Geometry.Positions - 2 * Border;

    /// <summary>One pattern at any place, of any orientation: the orientation is the label.</summary>
    public Samples Single(int count, RandomStream random) =>
        Draw(
            count,
            _ =>
            {
                var (image, label) = (
                    new float[GaborBank.Side * GaborBank.Side],
                    random.Below(bank.Geometry.Orientations)
                );
                bank.Add(image, Border + random.Below(Places), Border + random.Below(Places), label);
                return (image, label);
            },
            random
        );

    /// <summary>
    /// One drawn digit at any of 4 x 4 cells, not brought to mean 0 and variance 1, the noise around it: the digit is
    /// the label.
    /// </summary>
    public Samples Digits(int count, RandomStream random)
    {
        const int Cells = GaborBank.Side / DrawnDigits.Side;
        var samples = new Samples(new float[count][], new int[count]);
        for (var i = 0; i < count; i++)
        {
            var (image, label, corner) = (
                new float[GaborBank.Side * GaborBank.Side],
                random.Below(bank.Geometry.Orientations),
                DrawnDigits.Side * (random.Below(Cells) * GaborBank.Side + random.Below(Cells))
            );
            var digit = DrawnDigits.Draw(label, random);
            for (var pixel = 0; pixel < digit.Length; pixel++)
                image[corner + pixel / DrawnDigits.Side * GaborBank.Side + pixel % DrawnDigits.Side] = digit[pixel];
            for (var pixel = 0; pixel < image.Length; pixel++)
                if (image[pixel] == 0)
                    image[pixel] = (float)(settings.Noise * random.Normal());
            (samples.Responses[i], samples.Labels[i]) = (bank.Filter(image), label);
        }
        return samples;
    }

    /// <summary>Places of the distractors, fixed for a task.</summary>
    public int[] Distractors(OrientationTask task, RandomStream random)
    {
        int[] places = [.. Enumerable.Range(0, Places * Places).Where(place => place != task.Place)];
        random.Shuffle(places.AsSpan());
        return places[..settings.Distractors];
    }

    /// <summary>
    /// The task's pattern, with distractors of any orientation elsewhere; both labels equally often, in random order.
    /// </summary>
    public Samples OfTask(OrientationTask task, int[] distractors, int count, RandomStream random)
    {
        int[] labels = [.. Enumerable.Range(0, count).Select(i => task.First + i % 2)];
        random.Shuffle(labels.AsSpan());
        return Draw(
            count,
            i =>
            {
                var image = new float[GaborBank.Side * GaborBank.Side];
                Add(image, task.Place, labels[i]);
                foreach (var place in distractors)
                    Add(image, place, random.Below(bank.Geometry.Orientations));
                return (image, labels[i]);
            },
            random
        );

        void Add(float[] image, int place, int orientation) =>
            bank.Add(image, Border + place % Places, Border + place / Places, orientation);
    }

    private Samples Draw(int count, Func<int, (float[] Image, int Label)> draw, RandomStream random)
    {
        var samples = new Samples(new float[count][], new int[count]);
        for (var i = 0; i < count; i++)
        {
            var (image, label) = draw(i);
            for (var pixel = 0; pixel < image.Length; pixel++)
                image[pixel] += (float)(settings.Noise * random.Normal());
            (samples.Responses[i], samples.Labels[i]) = (bank.Respond(image), label);
        }
        return samples;
    }
}
