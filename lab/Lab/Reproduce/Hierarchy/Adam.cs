using System.Numerics;
using System.Runtime.InteropServices;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Adam with the usual decay rates; lanes are independent of each other.</summary>
/// <remarks>The table of <c>nature-fig5</c> hangs on how its steps round; the engine's steps on tensors of libtorch
/// round otherwise.</remarks>
internal sealed class Adam(int count, float rate)
{
    private const float First = 0.9f,
        Second = 0.999f,
        Epsilon = 1e-8f;
    private readonly float[] _mean = new float[count],
        _square = new float[count];
    private int _steps;

    public void Step(float[] values, float[] gradient)
    {
        _steps++;
        // rate * mean / (1 - first^t) / (sqrt(square / (1 - second^t)) + epsilon)
        var scale = new Vector<float>(rate / (1 - MathF.Pow(First, _steps)));
        var root = new Vector<float>(1 / (1 - MathF.Pow(Second, _steps)));
        var w = MemoryMarshal.Cast<float, Vector<float>>(values.AsSpan());
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient.AsSpan());
        var m = MemoryMarshal.Cast<float, Vector<float>>(_mean.AsSpan());
        var v = MemoryMarshal.Cast<float, Vector<float>>(_square.AsSpan());
        for (var i = 0; i < w.Length; i++)
        {
            m[i] = First * m[i] + (1 - First) * g[i];
            v[i] = Second * v[i] + (1 - Second) * (g[i] * g[i]);
            w[i] -= scale * m[i] / (Vector.SquareRoot(v[i] * root) + new Vector<float>(Epsilon));
        }
        for (var i = w.Length * Vector<float>.Count; i < values.Length; i++)
        {
            _mean[i] = First * _mean[i] + (1 - First) * gradient[i];
            _square[i] = Second * _square[i] + (1 - Second) * (gradient[i] * gradient[i]);
            values[i] -= scale[0] * _mean[i] / (MathF.Sqrt(_square[i] * root[0]) + Epsilon);
        }
    }
}
