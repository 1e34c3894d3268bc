namespace ComodCluster.Engine.Backbones.Training;

/// <summary>
/// Smith's one-cycle schedule with cosine annealing, as PyTorch's OneCycleLR has it: rate up over 30 % of the steps,
/// then down; momentum the other way.
/// </summary>
internal sealed record OneCycle(double Peak, int Steps)
{
    private const double Rise = 0.3,
        StartDivisor = 25,
        EndDivisor = 1e4,
        HighMomentum = 0.95,
        LowMomentum = 0.85;

    public (double Rate, double Momentum) At(int step)
    {
        var top = Rise * Steps - 1;
        if (step <= top)
            return (Cosine(Peak / StartDivisor, Peak, step / top), Cosine(HighMomentum, LowMomentum, step / top));
        var share = (step - top) / (Steps - 1 - top);
        return (Cosine(Peak, Peak / StartDivisor / EndDivisor, share), Cosine(LowMomentum, HighMomentum, share));
    }

    private static double Cosine(double from, double to, double share) =>
        to + (from - to) / 2 * (1 + Math.Cos(Math.PI * share));
}
