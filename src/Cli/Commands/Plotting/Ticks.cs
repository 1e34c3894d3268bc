namespace ComodCluster.Cli.Commands.Plotting;

/// <summary>Positions on an axis and what is written there.</summary>
internal sealed record Ticks(IReadOnlyList<double> Positions, IReadOnlyList<string> Labels)
{
    /// <summary>Multiples of 1, 2 or 5 times a power of ten within the range, about as many as wanted.</summary>
    public static Ticks Between(double low, double high, int wanted)
    {
        var raw = (high - low) / Math.Max(1, wanted);
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step =
            (raw / power) switch
            {
                <= 1 => 1,
                <= 2 => 2,
                <= 5 => 5,
                _ => 10,
            } * power;
        var decimals = Math.Clamp(-(int)Math.Floor(Math.Log10(step)), 0, 6);
        var positions = new List<double>();
        for (var k = Math.Ceiling(low / step - 1e-9) + 0.0; k * step <= high + 1e-9 * step; k++)
            positions.Add(k * step + 0.0);
        return new(
            positions,
            [.. positions.Select(position => Math.Round(position, decimals).ToString($"F{decimals}"))]
        );
    }
}
