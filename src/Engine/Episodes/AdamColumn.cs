using ComodCluster.Engine.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Episodes;

/// <summary>A parameter and its two moments (Kingma and Ba 2015).</summary>
internal sealed class AdamColumn : IDisposable
{
    private const double First = 0.9,
        Second = 0.999;

    private static readonly Scalar FirstKept = LibTorch.ScalarOf(First),
        FirstTaken = LibTorch.ScalarOf(1 - First),
        SecondKept = LibTorch.ScalarOf(Second),
        SecondTaken = LibTorch.ScalarOf(1 - Second),
        Epsilon = LibTorch.ScalarOf(1e-8);

    private readonly double _rate;
    private Tensor _first,
        _second;
    private int _steps;

    public AdamColumn(Tensor start, double rate)
    {
        (Value, _rate) = (start.DetachFromDisposeScope(), rate);
        (_first, _second) = (zeros_like(start).DetachFromDisposeScope(), zeros_like(start).DetachFromDisposeScope());
    }

    public Tensor Value { get; private set; }

    /// <param name="gradient">Of the present value.</param>
    public void Descend(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        _steps++;
        var first = _first * FirstKept + gradient * FirstTaken;
        var second = _second * SecondKept + gradient * gradient * SecondTaken;
        using Scalar by = (1 - Math.Pow(First, _steps)).ToScalar(),
            spread = (1 - Math.Pow(Second, _steps)).ToScalar(),
            rate = _rate.ToScalar();
        var next = Value.detach() - first / by / ((second / spread).sqrt() + Epsilon) * rate;
        (Value, _first, _second) = (Next(Value, next), Next(_first, first), Next(_second, second));
    }

    public void Dispose()
    {
        Value.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private static Tensor Next(Tensor held, Tensor next)
    {
        held.Dispose();
        return next.DetachFromDisposeScope();
    }
}
