using System.Runtime.InteropServices;

namespace ComodCluster.Engine.LinearAlgebra;

/// <summary>
/// Zeros to begin with, outside of the collector's heap: a fit needs a hundred megabytes for a second, and gives them
/// back at once.
/// </summary>
internal sealed unsafe class Numbers : IDisposable
{
    private readonly int _length;
    private double* _start;

    /// <param name="length">0 or more.</param>
    public Numbers(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _length = length;
        _start = (double*)NativeMemory.AllocZeroed((nuint)length, sizeof(double));
    }

    // For who is interrupted before it can dispose. An owner that disposes keeps them until then.
    ~Numbers() => Free();

    public Span<double> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start is null, this);
            return new(_start, _length);
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_start);
        _start = null;
    }
}
