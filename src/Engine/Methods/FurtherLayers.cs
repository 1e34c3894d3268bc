using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Methods;

/// <summary>Layers that are modulated besides the cut. Tasks that share a batch have equal ones.</summary>
/// <param name="Names">With commas between them.</param>
/// <param name="Grid">Side of each layer's coarse grid, at most.</param>
public readonly record struct FurtherLayers(string Names, int Grid)
{
    /// <returns>Null where the cut is the only layer.</returns>
    public static FurtherLayers? Of(TaskSettings settings) =>
        settings.Also is { } names ? new(names, settings.Grid) : null;

    /// <summary>In the order of the network.</summary>
    public IEnumerable<Cut> Cuts => Names.Split(',').Select(Cut.Parse);
}
