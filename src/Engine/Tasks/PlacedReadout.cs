using System.Runtime.InteropServices;
using System.Text.Json;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Readouts;

namespace ComodCluster.Engine.Tasks;

/// <summary>
/// A readout in closed form as a state holds it, with the features that it takes: in the file numbers by name, and in
/// its metadata all that another program needs to use them.
/// </summary>
/// <param name="Features">The pools whose values the features are, one after the other.</param>
public sealed record PlacedReadout(StoredReadout Stored, IReadOnlyList<PooledFeatures> Features)
{
    /// <summary>Key of the description in the metadata of a state.</summary>
    public const string MetadataKey = "comod.readout";

    private const string Weight = "readout.weight",
        Scale = "readout.scale",
        Bias = "readout.bias",
        Formula =
            "scores[k] = factor * sum_j(weight[k, j] * scale[j] * feature[j]) + bias[k]; scale is 1 where it is absent",
        Order = "pools one after the other; of a pool cell by cell, row by row; of a cell channel by channel";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static PlacedReadout Of(StoredReadout stored, BackboneSpec spec) =>
        new(
            stored,
            [
                .. stored
                    .Place.PoolsOf(spec)
                    .Select(pool => new PooledFeatures(
                        $"layer{pool.Stage}",
                        pool.Side,
                        stored.Place.Cell,
                        pool.ChannelsOf(spec)
                    )),
            ]
        );

    public IEnumerable<SafeTensor> Tensors()
    {
        var eight = Stored.Precision == StoredPrecision.Byte;
        yield return new SafeTensor(
            Weight,
            eight ? ElementType.Int8 : ElementType.Float16,
            [Stored.Outputs, Stored.Width],
            Stored.Weights.ToArray()
        );
        if (eight)
            yield return new SafeTensor(
                Scale,
                ElementType.Float16,
                [Stored.Width],
                MemoryMarshal.AsBytes(Stored.Scales).ToArray()
            );
        yield return SafeTensor.Of(Bias, [Stored.Outputs], Stored.Bias);
    }

    /// <summary>JSON: place, kind, factor, formula, pools and the features' order.</summary>
    public string Describe() =>
        JsonSerializer.Serialize(
            new Description(
                Stored.Place.Name,
                Stored.Kind.ToString().ToLowerInvariant(),
                Stored.Factor,
                Formula,
                Order,
                Features
            ),
            Json
        );

    /// <exception cref="InputException">state-unreadable: numbers do not fit each other.</exception>
    /// <exception cref="FormatException">The description is not what <see cref="Describe"/> writes.</exception>
    public static PlacedReadout Of(SafeTensors file)
    {
        var described = JsonSerializer.Deserialize<Description>(file.Metadata[MetadataKey], Json)!;
        var weight = file.Tensors[Weight];
        var scales = weight.Type == ElementType.Int8 ? file.Tensors[Scale].Bytes : ReadOnlyMemory<byte>.Empty;
        if (
            !Enum.TryParse<ReadoutKind>(described.Kind, ignoreCase: true, out var kind)
            || weight.Type is not (ElementType.Int8 or ElementType.Float16)
        )
            throw new FormatException($"A readout of kind '{described.Kind}' and of {weight.Type} is not known.");
        return new(
            new StoredReadout(
                ReadoutPlace.Parse(described.Place),
                kind,
                weight.Bytes.ToArray(),
                MemoryMarshal.Cast<byte, Half>(scales.Span).ToArray(),
                described.Factor,
                file.Tensors[Bias].ToFloats()
            ),
            described.Features
        );
    }

    private sealed record Description(
        string Place,
        string Kind,
        float Factor,
        string Scores,
        string Order,
        IReadOnlyList<PooledFeatures> Features
    );
}
