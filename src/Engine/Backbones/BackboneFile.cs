using System.Runtime.InteropServices;

namespace ComodCluster.Engine.Backbones;

/// <summary>A weights file whose description, shapes and values fit together; looked at without a device.</summary>
public sealed record BackboneFile
{
    private const string Head = "fc.";

    private BackboneFile(BackboneSpec spec, bool describesItself, SafeTensors tensors) =>
        (Spec, DescribesItself, Tensors) = (spec, describesItself, tensors);

    public BackboneSpec Spec { get; }

    /// <summary>Whether the description is the file's own.</summary>
    public bool DescribesItself { get; }

    public SafeTensors Tensors { get; }

    /// <param name="file">A safetensors file with torchvision's names; <c>num_batches_tracked</c> is ignored.</param>
    /// <param name="resolve">From the file's own description, or null where it has none, to the one that
    /// holds.</param>
    /// <exception cref="InputException"><c>weights-file</c>, <c>backbone-spec</c>, <c>backbone-architecture</c> (names
    /// the first tensor that does not fit), <c>weights-type</c>, <c>weights-value</c>, or what
    /// <paramref name="resolve"/> throws.</exception>
    public static BackboneFile Read(ReadOnlyMemory<byte> file, Func<BackboneSpec?, BackboneSpec> resolve) =>
        Of(SafeTensors.Read(file), resolve);

    /// <inheritdoc cref="Read"/>
    public static BackboneFile Of(SafeTensors tensors, Func<BackboneSpec?, BackboneSpec> resolve)
    {
        var own = tensors.Metadata.TryGetValue(BackboneSpec.MetadataKey, out var json)
            ? BackboneSpec.FromJson(json)
            : null;
        var spec = resolve(own);
        spec.Validate();
        RequireShapes(spec, tensors.Tensors.Values.Select(t => (t.Name, t.Shape)));
        foreach (var (name, _) in spec.Arrays())
            RequireValues(tensors.Tensors[name]);
        return new BackboneFile(spec, own is not null, tensors);
    }

    /// <param name="there">Names and shapes of the arrays that there are.</param>
    /// <exception cref="InputException"><c>backbone-architecture</c></exception>
    public static void RequireShapes(BackboneSpec spec, IEnumerable<(string Name, IReadOnlyList<long> Shape)> there)
    {
        var arrays = there.ToDictionary(a => a.Name, a => a.Shape, StringComparer.Ordinal);
        foreach (var (name, shape) in spec.Arrays())
        {
            if (!arrays.Remove(name, out var stored))
                throw name.StartsWith(Head, StringComparison.Ordinal)
                    ? new InputException(
                        "backbone-architecture",
                        $"The weights have no head ('{name}' is missing), and {spec.Classes.Count} classes are named; "
                            + "leave the classes out."
                    )
                    : Other(spec, $"the tensor '{name}' is missing");
            if (!stored.SequenceEqual(shape))
                throw Other(
                    spec,
                    $"the tensor '{name}' has the shape [{string.Join(", ", stored)}] instead of "
                        + $"[{string.Join(", ", shape)}]"
                );
        }
        if (
            arrays.Keys.FirstOrDefault(name => !name.EndsWith(".num_batches_tracked", StringComparison.Ordinal)) is
            { } extra
        )
            throw !spec.HasHead && extra.StartsWith(Head, StringComparison.Ordinal)
                ? new InputException(
                    "backbone-spec",
                    $"The weights have a head ('{extra}') and no classes are named; name its classes when the backbone "
                        + "is registered."
                )
                : Other(spec, $"the tensor '{extra}' has no place in it");
    }

    /// <summary>Refuses what no network can have.</summary>
    /// <exception cref="InputException"><c>weights-type</c>, <c>weights-value</c>.</exception>
    internal static void RequireValues(SafeTensor tensor)
    {
        var values =
            tensor.Type == ElementType.Float32 ? MemoryMarshal.Cast<byte, float>(tensor.Bytes.Span) : tensor.ToFloats();
        var isVariance = tensor.Name.EndsWith(".running_var", StringComparison.Ordinal);
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                throw Value(tensor.Name, $"is {(float.IsNaN(values[i]) ? "not a number" : "infinite")} at element {i}");
            else if (isVariance && values[i] < 0)
                throw Value(tensor.Name, $"is a variance and negative at element {i}");
    }

    private static InputException Value(string name, string what) =>
        new("weights-value", $"The tensor '{name}' {what}, which no network can have; export the weights again.");

    private static InputException Other(BackboneSpec spec, string why) =>
        new(
            "backbone-architecture",
            $"The weights are not those of {spec.Architecture} with "
                + $"{(spec.HasHead ? $"{spec.Classes.Count} classes" : "no head")}: {why}; name the architecture that "
                + "they were saved from."
        );
}
