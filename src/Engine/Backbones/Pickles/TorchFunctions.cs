namespace ComodCluster.Engine.Backbones.Pickles;

/// <summary>The functions and classes that a state dict needs, and what each gives.</summary>
internal static class TorchFunctions
{
    private static readonly PickleGlobal s_dictionary = new("collections", "OrderedDict"),
        s_size = new("torch", "Size"),
        s_tensor = new("torch._utils", "_rebuild_tensor"),
        s_tensorV2 = new("torch._utils", "_rebuild_tensor_v2"),
        s_parameter = new("torch._utils", "_rebuild_parameter");

    private static readonly Dictionary<PickleGlobal, ElementType> s_storages = new()
    {
        [new("torch", "FloatStorage")] = ElementType.Float32,
        [new("torch", "HalfStorage")] = ElementType.Float16,
        [new("torch", "BFloat16Storage")] = ElementType.BFloat16,
        [new("torch", "DoubleStorage")] = ElementType.Float64,
        [new("torch", "LongStorage")] = ElementType.Int64,
        [new("torch", "IntStorage")] = ElementType.Int32,
        [new("torch", "ShortStorage")] = ElementType.Int16,
        [new("torch", "CharStorage")] = ElementType.Int8,
        [new("torch", "ByteStorage")] = ElementType.UInt8,
        [new("torch", "BoolStorage")] = ElementType.Bool,
    };

    private static readonly HashSet<PickleGlobal> s_known =
    [
        s_dictionary,
        s_size,
        s_tensor,
        s_tensorV2,
        s_parameter,
        .. s_storages.Keys,
    ];

    /// <exception cref="InputException"><c>weights-file</c>: it is another one.</exception>
    public static PickleGlobal Known(PickleGlobal global) =>
        s_known.TryGetValue(global, out var known) ? known : throw TorchFault.Names(global);

    /// <summary>Null where it is no storage's class.</summary>
    public static ElementType? StorageType(PickleGlobal global) =>
        s_storages.TryGetValue(global, out var type) ? type : null;

    /// <exception cref="InputException"><c>weights-file</c>: other arguments than PyTorch gives.</exception>
    public static object Call(PickleGlobal function, object?[] arguments) =>
        function == s_dictionary ? Dictionary(arguments)
        : function == s_size && arguments is [object?[] sizes] ? sizes
        : function == s_parameter && arguments is [TorchTensor tensor, ..] ? tensor
        : (function == s_tensor || function == s_tensorV2)
        && arguments is [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..]
            ? TorchTensor.Of(storage, offset, Integers(shape), Integers(strides))
        : throw TorchFault.Broken($"it calls {function} in another way than PyTorch does");

    /// <summary>Empty, or from a list of pairs, as Python 2 wrote it.</summary>
    private static Dictionary<string, object?> Dictionary(object?[] arguments)
    {
        var dictionary = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (arguments is [List<object?> pairs])
            foreach (var pair in pairs)
                if (pair is List<object?> and [string key, var value])
                    dictionary[key] = value;
        return dictionary;
    }

    private static long[] Integers(object?[] values) =>
        [.. values.Select(v => v is long i ? i : throw TorchFault.Broken("it has a tensor without a shape"))];
}
