using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>Stacked parameters, handed out piece by piece in the order in which a pass meets the layers.</summary>
/// <param name="all">[S, sum of the sizes]</param>
/// <param name="sizes">Sizes of the pieces.</param>
internal sealed class Pieces(Tensor all, IEnumerable<int> sizes)
{
    // One split: its gradient is one concatenation, where that of as many slices is as many sums of whole tensors.
    private readonly Tensor[] _pieces = all.split([.. sizes.Select(s => (long)s)], 1);
    private int _next;

    /// <returns>[S, size]</returns>
    public Tensor Next() => _pieces[_next++];
}
