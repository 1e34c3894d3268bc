using System.Buffers;

namespace ComodCluster.Silo.Bodies;

/// <summary>
/// Bytes that come piece by piece, in pooled memory that grows with them: a client that sends little takes little.
/// </summary>
public sealed class PooledBytes : IDisposable
{
    private const int Least = 4 << 10,
        Most = 64 << 10;

    private readonly List<byte[]> _full = [];
    private byte[] _last = ArrayPool<byte>.Shared.Rent(Least);
    private int _used;

    public long Length { get; private set; }

    /// <summary>Where to write next, never empty; <see cref="Wrote"/> says how much of it was used.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (_used == _last.Length)
            {
                _full.Add(_last);
                (_last, _used) = (ArrayPool<byte>.Shared.Rent(Math.Min(2 * _last.Length, Most)), 0);
            }
            return _last.AsMemory(_used);
        }
    }

    public void Wrote(int bytes)
    {
        _used += bytes;
        Length += bytes;
    }

    public byte[] ToArray()
    {
        var all = GC.AllocateUninitializedArray<byte>(checked((int)Length));
        var rest = all.AsSpan();
        foreach (var piece in _full)
        {
            piece.CopyTo(rest);
            rest = rest[piece.Length..];
        }
        _last.AsSpan(0, _used).CopyTo(rest);
        return all;
    }

    public void Dispose()
    {
        foreach (var piece in _full)
            ArrayPool<byte>.Shared.Return(piece);
        _full.Clear();
        ArrayPool<byte>.Shared.Return(_last);
    }
}
