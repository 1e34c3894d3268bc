namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Which units of the layer below each unit takes its input from.</summary>
/// <param name="Inputs">Units of the layer below.</param>
/// <param name="Taps">Inputs of each unit.</param>
/// <param name="Sources">[unit * taps + tap]</param>
internal sealed record Wiring(int Inputs, int Taps, int[] Sources)
{
    public int Units => Sources.Length / Taps;

    /// <summary>Every unit pools two by two positions of its own orientation, all features there.</summary>
    /// <param name="positions">Positions of the layer below, along each side.</param>
    public static Wiring Pool(int positions, int orientations, int featuresBelow, int features)
    {
        var sources = new List<int>();
        for (var y = 0; y < positions - 1; y++)
        for (var x = 0; x < positions - 1; x++)
        for (var o = 0; o < orientations; o++)
        for (var f = 0; f < features; f++)
        for (var tap = 0; tap < 4 * featuresBelow; tap++)
        {
            var place = tap / featuresBelow;
            sources.Add(
                (((y + place / 2) * positions + x + place % 2) * orientations + o) * featuresBelow + tap % featuresBelow
            );
        }
        return new(positions * positions * orientations * featuresBelow, 4 * featuresBelow, [.. sources]);
    }

    /// <summary>Every unit takes all.</summary>
    public static Wiring Full(int inputs, int units) =>
        new(inputs, inputs, [.. Enumerable.Range(0, inputs * units).Select(i => i % inputs)]);
}
