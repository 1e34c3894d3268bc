using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ComodCluster.Engine.Backbones;

/// <summary>
/// A safetensors file: 8 bytes of header length (little-endian), a JSON header, then the arrays back to back.
/// Reading checks everything that the format promises, so that a damaged or hostile file ends in one sentence and never
/// in a wrong weight.
/// </summary>
public sealed class SafeTensors
{
    private const int LengthBytes = 8;
    private const int MaxHeader = 16 << 20;
    private const string MetadataName = "__metadata__";

    private static readonly Dictionary<string, (ElementType Type, int Size)> Types = new(StringComparer.Ordinal)
    {
        ["F32"] = (ElementType.Float32, 4),
        ["F16"] = (ElementType.Float16, 2),
        ["BF16"] = (ElementType.BFloat16, 2),
        ["F64"] = (ElementType.Float64, 8),
        ["I64"] = (ElementType.Int64, 8),
        ["I32"] = (ElementType.Int32, 4),
        ["I16"] = (ElementType.Int16, 2),
        ["I8"] = (ElementType.Int8, 1),
        ["U8"] = (ElementType.UInt8, 1),
        ["BOOL"] = (ElementType.Bool, 1),
    };

    private SafeTensors(
        IReadOnlyDictionary<string, string> metadata,
        IReadOnlyDictionary<string, SafeTensor> tensors,
        string digest
    ) => (Metadata, Tensors, Digest) = (metadata, tensors, digest);

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyDictionary<string, SafeTensor> Tensors { get; }

    /// <summary>SHA-256 of the whole file, lower-case hexadecimal.</summary>
    public string Digest { get; }

    public static string DigestOf(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file));

    /// <summary>Bytes of one element.</summary>
    public static int SizeOf(ElementType type) => Types.Values.First(t => t.Type == type).Size;

    /// <summary>Whether a file begins as one: the length of a header, which is JSON.</summary>
    internal static bool IsLike(ReadOnlySpan<byte> file) =>
        file.Length > LengthBytes
        && BinaryPrimitives.ReadUInt64LittleEndian(file) is >= 2 and <= MaxHeader
        && file[LengthBytes] == '{';

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte})"/>
    public static SafeTensors Read(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return Read(copy.GetBuffer().AsMemory(0, (int)copy.Length));
    }

    /// <summary>The tensors are views of <paramref name="file"/>, which must not change afterwards.</summary>
    /// <exception cref="InputException"><c>weights-file</c>: truncated, damaged or not a safetensors file.</exception>
    public static SafeTensors Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length < LengthBytes)
            throw Broken($"it ends after {file.Length} bytes");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (!IsLike(file.Span))
            if (ForeignWeights.Describe(file.Span) is { } foreign)
                throw new InputException("weights-file", $"The file is no safetensors file but {foreign}.");
        if (length is < 2 or > MaxHeader)
            throw Broken($"its first 8 bytes name a header of {length} bytes");
        if (length > (ulong)(file.Length - LengthBytes))
            throw Broken($"it is truncated: the header needs {length} bytes and {file.Length - LengthBytes} are there");
        var header = file.Slice(LengthBytes, (int)length);
        var data = file[(LengthBytes + (int)length)..];
        try
        {
            using var json = JsonDocument.Parse(
                header,
                new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 }
            );
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw Broken("its header is not a JSON object");
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            var tensors = new List<(SafeTensor Tensor, long Begin)>();
            foreach (var entry in json.RootElement.EnumerateObject())
            {
                if (entry.Name != MetadataName)
                {
                    tensors.Add(Entry(entry.Name, entry.Value, data));
                    continue;
                }
                foreach (var pair in entry.Value.EnumerateObject())
                    metadata.Add(pair.Name, pair.Value.GetString() ?? throw Broken("a metadata value is null"));
            }
            CheckCoverage(tensors, data.Length);
            return new SafeTensors(
                metadata,
                tensors.ToDictionary(t => t.Tensor.Name, t => t.Tensor, StringComparer.Ordinal),
                DigestOf(file.Span)
            );
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or InvalidOperationException
                        or FormatException
                        or KeyNotFoundException
                        or OverflowException
            )
        {
            throw Broken("its header is not what the format asks for", e);
        }
    }

    private static (SafeTensor Tensor, long Begin) Entry(string name, JsonElement entry, ReadOnlyMemory<byte> data)
    {
        var typeName = entry.GetProperty("dtype").GetString() ?? "";
        if (!Types.TryGetValue(typeName, out var type))
            throw Broken($"the tensor '{name}' has the unknown element type '{typeName}'");
        var shape = entry.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();
        if (shape.Any(d => d < 0))
            throw Broken($"the tensor '{name}' has a negative dimension");
        var offsets = entry.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64()).ToArray();
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0])
            throw Broken($"the tensor '{name}' has impossible offsets");
        if (offsets[1] > data.Length)
            throw Broken(
                $"it is truncated: the tensor '{name}' ends at byte {offsets[1]} of the data and {data.Length} are "
                    + $"there"
            );
        var bytes = shape.Aggregate((long)type.Size, (n, d) => checked(n * d));
        if (offsets[1] - offsets[0] != bytes)
            throw Broken($"the tensor '{name}' names {offsets[1] - offsets[0]} bytes where its shape needs {bytes}");
        return (new SafeTensor(name, type.Type, shape, data.Slice((int)offsets[0], (int)bytes)), offsets[0]);
    }

    /// <summary>The format asks that the arrays cover the data without holes or overlap.</summary>
    private static void CheckCoverage(List<(SafeTensor Tensor, long Begin)> tensors, int dataBytes)
    {
        var end = 0L;
        foreach (var (tensor, begin) in tensors.OrderBy(t => t.Begin).ThenBy(t => t.Tensor.Bytes.Length))
        {
            if (begin != end)
                throw Broken(
                    $"the tensor '{tensor.Name}' {(begin < end ? "overlaps another" : "leaves a hole before it")}"
                );
            end = begin + tensor.Bytes.Length;
        }
        if (end != dataBytes)
            throw Broken($"{dataBytes - end} bytes at its end belong to no tensor");
    }

    /// <summary>
    /// The bytes of a file that holds <paramref name="tensors"/> in their order; the same input gives the same bytes.
    /// </summary>
    public static byte[] Write(
        IReadOnlyCollection<SafeTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        var header = Header([.. tensors.Select(t => (t.Name, t.Type, t.Shape))], metadata);
        var file = new MemoryStream(header.Length + tensors.Sum(t => t.Bytes.Length));
        file.Write(header);
        foreach (var tensor in tensors)
            file.Write(tensor.Bytes.Span);
        return file.ToArray();
    }

    /// <summary>What a file has before the arrays, which follow in their order.</summary>
    internal static byte[] Header(
        IReadOnlyCollection<(string Name, ElementType Type, IReadOnlyList<long> Shape)> arrays,
        IReadOnlyDictionary<string, string>? metadata
    )
    {
        using var header = new MemoryStream();
        header.Write(new byte[LengthBytes]);
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataName);
                foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            var offset = 0L;
            foreach (var (name, type, shape) in arrays)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", Types.First(t => t.Value.Type == type).Key);
                json.WriteStartArray("shape");
                foreach (var d in shape)
                    json.WriteNumberValue(d);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += shape.Aggregate((long)SizeOf(type), (n, d) => n * d));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // arrays start 8-byte aligned
        header.Write(Encoding.ASCII.GetBytes(new string(' ', (int)(-header.Length & 7))));
        var bytes = header.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - LengthBytes);
        return bytes;
    }

    private static InputException Broken(string why, Exception? inner = null) =>
        new("weights-file", $"The file is not a usable safetensors file: {why}; export or upload it again.", inner);
}
