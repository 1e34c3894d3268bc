namespace ComodCluster.Engine.Readouts;

/// <summary>What is right for each training image: one of K classes, or yes or no to each of K attributes.</summary>
public sealed class ReadoutTargets
{
    private readonly int[] _classes; // of an attribute 0 and 1; [n], or [n, K] of attributes

    private ReadoutTargets(int[] classes, int outputs, bool exclusive)
    {
        (_classes, Outputs, Exclusive) = (classes, outputs, exclusive);
        Count = exclusive ? classes.Length : classes.Length / outputs;
    }

    /// <summary>Images.</summary>
    public int Count { get; }

    /// <summary>K.</summary>
    public int Outputs { get; }

    /// <summary>Of an image's outputs exactly one is right.</summary>
    public bool Exclusive { get; }

    /// <param name="classes">Per image, 0 to K - 1.</param>
    /// <param name="outputs">K, 2 or more.</param>
    public static ReadoutTargets OfClasses(IReadOnlyList<int> classes, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 2);
        if (classes.Any(c => c < 0 || c >= outputs))
            throw new ArgumentOutOfRangeException(nameof(classes), $"Not all classes are in 0..{outputs - 1}.");
        return new([.. classes], outputs, exclusive: true);
    }

    /// <param name="attributes">Per image [K], yes or no.</param>
    /// <param name="outputs">K, 1 or more.</param>
    public static ReadoutTargets OfAttributes(IReadOnlyList<bool[]> attributes, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if (attributes.Any(a => a.Length != outputs))
            throw new ArgumentException($"Not all images have {outputs} attributes.", nameof(attributes));
        return new([.. attributes.SelectMany(a => a.Select(yes => yes ? 1 : 0))], outputs, exclusive: false);
    }

    /// <summary>The right class; attributes have none.</summary>
    internal int ClassOf(int image) => _classes[image];

    /// <summary>Whether the output is right for the image.</summary>
    internal bool Is(int image, int output) =>
        Exclusive ? _classes[image] == output : _classes[image * Outputs + output] == 1;

    /// <summary>Images for which each output is right, [K].</summary>
    internal int[] Ones()
    {
        var ones = new int[Outputs];
        for (var i = 0; i < Count; i++)
        for (var k = 0; k < Outputs; k++)
            ones[k] += Is(i, k) ? 1 : 0;
        return ones;
    }

    /// <summary>
    /// How frequent the answers are, [K]: the logarithm of a class's share, or of an attribute's yes against no, with
    /// half an image added to each.
    /// </summary>
    internal double[] Priors() =>
        [
            .. Ones()
                .Select(ones =>
                    Exclusive
                        ? Math.Log((ones + 0.5) / (Count + 0.5 * Outputs))
                        : Math.Log((ones + 0.5) / (Count - ones + 0.5))
                ),
        ];

    /// <summary>What images are drawn evenly by: the class; attributes have one stratum. [n]</summary>
    internal int[] Strata() => Exclusive ? _classes : new int[Count];

    /// <summary>Of these images alone, in the given order.</summary>
    internal ReadoutTargets Of(IReadOnlyList<int> images) =>
        Exclusive
            ? new([.. images.Select(i => _classes[i])], Outputs, true)
            : new([.. images.SelectMany(i => _classes[(i * Outputs)..((i + 1) * Outputs)])], Outputs, false);
}
