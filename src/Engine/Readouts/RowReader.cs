namespace ComodCluster.Engine.Readouts;

/// <summary>Gives a row of a matrix.</summary>
/// <param name="index">From 0.</param>
/// <param name="row">Receives it.</param>
internal delegate void RowReader(int index, Span<double> row);
