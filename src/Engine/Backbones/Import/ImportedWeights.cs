using System.Runtime.InteropServices;

namespace ComodCluster.Engine.Backbones.Import;

/// <summary>
/// Weights as people have them, made ready to be kept: what can be read later as it is stays as it is, all else becomes
/// a safetensors file that describes itself, the same bytes for the same weights and claim.
/// </summary>
public sealed class ImportedWeights : IDisposable
{
    private const int Slack = 1 << 20;

    private readonly WeightsSource _source;
    private readonly IReadOnlyList<SourceTensor> _arrays;

    private ImportedWeights(WeightsSource source, BackboneSpec spec, IReadOnlyList<SourceTensor> arrays, bool asItIs) =>
        (_source, Spec, _arrays, IsKeptAsItIs) = (source, spec, arrays, asItIs);

    public BackboneSpec Spec { get; }

    /// <summary>Whether the file itself is to be kept; <see cref="Parts"/> are otherwise.</summary>
    public bool IsKeptAsItIs { get; }

    /// <summary>What the catalog has to say of the file that is kept.</summary>
    public BackboneClaim Claim => new(Spec.Architecture, Spec.Classes);

    /// <summary>Bytes of the converted arrays.</summary>
    public long Length => _arrays.Sum(BytesOf);

    /// <param name="path">A file that nobody changes as long as this is used.</param>
    /// <exception cref="InputException"><c>weights-file</c>, <c>backbone-spec</c>, <c>backbone-architecture</c> (names
    /// the first array that does not fit), <c>weights-type</c>, <c>weights-value</c>.</exception>
    public static ImportedWeights Open(string path, BackboneClaim claim)
    {
        var source = WeightsSource.Open(path);
        try
        {
            return source.Safe is { } safe && safe.Metadata.ContainsKey(BackboneSpec.MetadataKey)
                ? Described(source, safe, claim)
                : Recognised(source, claim);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The converted file, piece by piece; each is read when it is asked for.</summary>
    /// <exception cref="InputException"><c>weights-value</c></exception>
    public IEnumerable<ReadOnlyMemory<byte>> Parts()
    {
        yield return SafeTensors.Header(
            [.. _arrays.Select(a => (a.Name, StoredAs(a.Type), a.Shape))],
            new Dictionary<string, string> { [BackboneSpec.MetadataKey] = Spec.ToJson() }
        );
        foreach (var array in _arrays)
        {
            var tensor = Stored(array);
            BackboneFile.RequireValues(tensor);
            yield return tensor.Bytes;
        }
    }

    public void Dispose() => _source.Dispose();

    private static ImportedWeights Described(WeightsSource source, SafeTensors safe, BackboneClaim claim)
    {
        var file = BackboneFile.Of(safe, claim.Resolve);
        var spec = claim.Sized(file.Spec);
        return new(source, spec, Ordered(spec, source.Tensors.ToDictionary(t => t.Name)), spec == file.Spec);
    }

    private static ImportedWeights Recognised(WeightsSource source, BackboneClaim claim)
    {
        var named = source.Graph is null
            ? TorchvisionNames.Of(source.Tensors)
            : source.Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
        var spec = claim.Of(
            source.Graph is { } graph ? ResNetShape.WithRows(graph.Spec, graph.HeadRows) : ResNetShape.Of(named)
        );
        spec.Validate();
        var arrays = Ordered(spec, named);
        foreach (var array in arrays)
            if (StoredAs(array.Type) is not (ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16))
                throw new InputException(
                    "weights-type",
                    $"The tensor '{array.Name}' holds {array.Type} values: store weights as float32, float16 or bfloat16."
                );
        var imported = new ImportedWeights(source, spec, arrays, CanStay(source, spec, named));
        if (imported.Length > source.Length + Slack)
            throw new InputException(
                "weights-file",
                "The file is not usable: its arrays share numbers and would be larger than the file; save each of its own."
            );
        if (imported.IsKeptAsItIs)
            BackboneFile.Of(source.Safe!, _ => spec);
        return imported;
    }

    /// <summary>Whether file and catalog together say all: torchvision's names, a usual description.</summary>
    private static bool CanStay(
        WeightsSource source,
        BackboneSpec spec,
        IReadOnlyDictionary<string, SourceTensor> named
    ) =>
        source.Safe is not null
        && new BackboneClaim(spec.Architecture, spec.Classes).Spec == spec
        && spec.Arrays().All(a => named.TryGetValue(a.Name, out var tensor) && tensor.Name == a.Name)
        && named.Values.All(t => StoredAs(t.Type) == t.Type)
        && named.Count == source.Tensors.Count(t => !t.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal));

    private static SourceTensor[] Ordered(BackboneSpec spec, IReadOnlyDictionary<string, SourceTensor> named) =>
        [
            .. spec.Arrays()
                .Select(a =>
                    named.TryGetValue(a.Name, out var tensor) ? tensor with { Name = a.Name } : Zeros(a.Name, a.Shape)
                ),
        ];

    /// <summary>The offsets of a head that was trained without.</summary>
    private static SourceTensor Zeros(string name, long[] shape) =>
        new(name, ElementType.Float32, shape, () => new byte[shape[0] * sizeof(float)]);

    private static ElementType StoredAs(ElementType type) => type == ElementType.Float64 ? ElementType.Float32 : type;

    private static SafeTensor Stored(SourceTensor array)
    {
        var bytes = array.Read();
        return array.Type == ElementType.Float64
            ? SafeTensor.Of(
                array.Name,
                array.Shape,
                Array.ConvertAll(MemoryMarshal.Cast<byte, double>(bytes.Span).ToArray(), value => (float)value)
            )
            : new(array.Name, array.Type, array.Shape, bytes);
    }

    private static long BytesOf(SourceTensor array) =>
        array.Shape.Aggregate((long)SafeTensors.SizeOf(StoredAs(array.Type)), (n, d) => n * d);
}
