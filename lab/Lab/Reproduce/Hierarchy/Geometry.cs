namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>
/// Sizes of the hierarchy. Each layer has an axis of positions twice, orientations and features; the last runs fastest.
/// </summary>
/// <param name="Positions">Positions of the front end, along each side.</param>
/// <param name="Orientations">Filters at each position; also the classes.</param>
/// <param name="Features">Units of a hidden layer for each position and orientation.</param>
internal sealed record Geometry(int Positions, int Orientations, int Features)
{
    public int Inputs => Positions * Positions * Orientations;

    public int FirstHidden => (Positions - 1) * (Positions - 1) * Orientations * Features;

    public int SecondHidden => (Positions - 2) * (Positions - 2) * Orientations * Features;
}
