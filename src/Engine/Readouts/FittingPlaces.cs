namespace ComodCluster.Engine.Readouts;

/// <summary>The places of a network whose readouts fit into a budget, each with its precision; at least one.</summary>
internal sealed class FittingPlaces
{
    private const int MostFeatures = 4_096; // their products with each other take 134 MB

    private readonly (ReadoutPlace Place, StoredPrecision Precision)[] _places;

    public FittingPlaces(RecordLayout layout, int outputs, ReadoutBudget budget)
    {
        _places =
        [
            .. from place in layout.Places
            let width = layout.WidthOf(place)
            let precision = budget.PrecisionOf(outputs, width)
            where precision is not null && width <= MostFeatures
            select (place, precision.Value),
        ];
        // A network all of whose places are too wide is read at the narrowest.
        if (_places.Length == 0)
            _places = [(layout.Places.MinBy(layout.WidthOf)!, StoredPrecision.Byte)];
        ReadoutPlace[] plainest = [ReadoutPlace.Means, ReadoutPlace.Penultimate, _places[0].Place];
        Plain = plainest.First(p => _places.Any(f => f.Place == p));
    }

    /// <summary>In the layout's order.</summary>
    public IEnumerable<ReadoutPlace> All => _places.Select(p => p.Place);

    /// <summary>The one that is taken unless folds find a better one: means of all stages where they fit.</summary>
    public ReadoutPlace Plain { get; }

    public StoredPrecision PrecisionOf(ReadoutPlace place) => _places.First(p => p.Place == place).Precision;
}
