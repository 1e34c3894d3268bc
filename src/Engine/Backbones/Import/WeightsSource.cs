using ComodCluster.Engine.Backbones.Onnx;
using ComodCluster.Engine.Backbones.Pickles;

namespace ComodCluster.Engine.Backbones.Import;

/// <summary>A weights file as its arrays: safetensors, a checkpoint of PyTorch of either form, or an ONNX
/// model.</summary>
internal sealed class WeightsSource : IDisposable
{
    private readonly MappedFile _mapped;

    private WeightsSource(MappedFile mapped, SafeTensors? safe, IReadOnlyList<SourceTensor> tensors) =>
        (_mapped, Safe, Tensors) = (mapped, safe, tensors);

    /// <summary>Null where the file is of another kind.</summary>
    public SafeTensors? Safe { get; }

    /// <summary>What the graph of an ONNX model is; null where the file is of another kind.</summary>
    public OnnxResNet? Graph { get; private init; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<SourceTensor> Tensors { get; }

    public long Length => _mapped.Memory.Length;

    /// <param name="path">A file that nobody changes as long as this is used.</param>
    /// <exception cref="InputException"><c>weights-file</c></exception>
    public static WeightsSource Open(string path)
    {
        var mapped = MappedFile.Open(path);
        try
        {
            // Asked first: the length of a header may look like the beginning of any other file.
            if (!SafeTensors.IsLike(mapped.Memory.Span))
            {
                if (Checkpoint(path, mapped.Memory) is { } checkpoint)
                    return new(mapped, null, StateDict.Of(checkpoint));
                if (ForeignWeights.IsOnnx(mapped.Memory.Span) && OnnxResNet.Read(mapped.Memory) is var graph)
                    return new(mapped, null, Arrays(graph.Tensors)) { Graph = graph };
            }
            var safe = SafeTensors.Read(mapped.Memory);
            return new(mapped, safe, Arrays(safe.Tensors.Values));
        }
        catch
        {
            ((IDisposable)mapped).Dispose();
            throw;
        }
    }

    public void Dispose() => ((IDisposable)_mapped).Dispose();

    private static IReadOnlyList<SourceTensor> Arrays(IEnumerable<SafeTensor> tensors) =>
        [.. tensors.Select(t => new SourceTensor(t.Name, t.Type, t.Shape, () => t.Bytes))];

    private static object? Checkpoint(string path, ReadOnlyMemory<byte> file) =>
        TorchArchive.Is(file.Span) ? TorchArchive.Read(path, file)
        : TorchStream.Is(file.Span) ? TorchStream.Read(file)
        : null;
}
