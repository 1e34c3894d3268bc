namespace ComodCluster.Engine.Backbones.Pickles;

/// <summary>A view of a storage, of any strides.</summary>
internal sealed class TorchTensor
{
    private const int MaxDimensions = 8;

    private readonly TorchStorage _storage;
    private readonly long _offset;
    private readonly long[] _strides;

    private TorchTensor(TorchStorage storage, long offset, long[] shape, long[] strides) =>
        (_storage, _offset, Shape, _strides) = (storage, offset, shape, strides);

    public ElementType Type => _storage.Type;

    public IReadOnlyList<long> Shape { get; }

    /// <exception cref="InputException"><c>weights-file</c>: it does not lie within its storage.</exception>
    public static TorchTensor Of(TorchStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length > MaxDimensions || shape.Length != strides.Length)
            throw TorchFault.Broken($"it has a tensor of {shape.Length} dimensions and {strides.Length} strides");
        if (offset < 0 || shape.Any(d => d < 0) || strides.Any(s => s < 0))
            throw TorchFault.Broken("it has a tensor with a negative dimension, stride or offset");
        try
        {
            var count = shape.Aggregate(1L, (n, d) => checked(n * d));
            var end = shape.Zip(strides).Aggregate(offset, (at, d) => checked(at + (d.First - 1) * d.Second)) + 1;
            if (count > 0 && end > storage.Count || count > int.MaxValue)
                throw TorchFault.Broken($"it has a tensor that ends at {end} of {storage.Count} numbers");
            return new(storage, offset, shape, strides);
        }
        catch (OverflowException)
        {
            throw TorchFault.Broken("it has a tensor larger than any memory");
        }
    }

    /// <summary>The elements in the order of the dimensions, little-endian: of the file itself where they lie there in
    /// that order.</summary>
    public ReadOnlyMemory<byte> Read()
    {
        var size = SafeTensors.SizeOf(Type);
        var count = (int)Shape.Aggregate(1L, (n, d) => n * d);
        if (count == 0)
            return default;
        if (IsContiguous())
            return _storage.Bytes.Slice((int)_offset * size, count * size);
        var ordered = new byte[count * size];
        var index = new long[Shape.Count];
        var from = _offset;
        for (var i = 0; i < count; i++)
        {
            _storage.Bytes.Span.Slice((int)from * size, size).CopyTo(ordered.AsSpan(i * size));
            for (var d = Shape.Count - 1; d >= 0; d--)
            {
                from += _strides[d];
                if (++index[d] < Shape[d])
                    break;
                from -= Shape[d] * _strides[d];
                index[d] = 0;
            }
        }
        return ordered;
    }

    private bool IsContiguous()
    {
        var expected = 1L;
        for (var d = Shape.Count - 1; d >= 0; d--)
        {
            if (Shape[d] != 1 && _strides[d] != expected)
                return false;
            expected *= Shape[d];
        }
        return true;
    }
}
