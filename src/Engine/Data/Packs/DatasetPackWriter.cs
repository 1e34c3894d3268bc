using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using ComodCluster.Engine.Data.Images;

namespace ComodCluster.Engine.Data.Packs;

/// <summary>
/// Writes a pack front to back to a stream that need not seek. Keeps only the index in memory (some 60 bytes per
/// image).
/// The pack is complete, and readable, only after <see cref="Complete"/>.
/// </summary>
public sealed class DatasetPackWriter : IDisposable
{
    private readonly Stream _output;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _index = new();
    private readonly int[][] _perName;
    private readonly int[] _images = new int[2];
    private readonly byte[] _record;
    private ImageSizes? _sizes;
    private long _position;
    private bool _completed;

    /// <param name="output">Written to, never disposed.</param>
    /// <param name="kind">What labels mean.</param>
    /// <param name="names">Class or attribute names.</param>
    public DatasetPackWriter(Stream output, DatasetKind kind, IReadOnlyList<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfZero(names.Count);
        _output = output;
        (Kind, Names) = (kind, [.. names]);
        _perName = [new int[names.Count], new int[names.Count]];
        _record = new byte[PackFormat.RecordBytes + PackFormat.LabelBytes(kind, names.Count)];

        Span<byte> header = stackalloc byte[PackFormat.HeaderBytes];
        header.Clear();
        PackFormat.Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], PackFormat.Version);
        Write(header);
    }

    public DatasetKind Kind { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>Images added so far.</summary>
    public int Images => _images[0] + _images[1];

    /// <summary>Appends one image as it is; the caller has made sure that it decodes.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="width">Width of the upright picture, pixels.</param>
    /// <param name="height">Height of the upright picture, pixels.</param>
    /// <param name="split">Train or test.</param>
    /// <param name="labels">One class index, or 0 or 1 per attribute.</param>
    public void Add(ReadOnlySpan<byte> encoded, int width, int height, DatasetSplit split, ReadOnlySpan<int> labels)
    {
        ObjectDisposedException.ThrowIf(_completed, this);
        Count(split, labels);
        BinaryPrimitives.WriteInt64LittleEndian(_record, _position);
        BinaryPrimitives.WriteInt32LittleEndian(_record.AsSpan(8), encoded.Length);
        BinaryPrimitives.WriteInt32LittleEndian(_record.AsSpan(12), width);
        BinaryPrimitives.WriteInt32LittleEndian(_record.AsSpan(16), height);
        _record[20] = (byte)split;
        SHA256.HashData(encoded, _record.AsSpan(21));
        PackFormat.WriteLabels(Kind, labels, _record.AsSpan(PackFormat.RecordBytes));
        _index.Write(_record);
        Write(encoded);
        _sizes = _sizes is not { } s
            ? new(width, height, width, height)
            : new(
                Math.Min(s.MinWidth, width),
                Math.Min(s.MinHeight, height),
                Math.Max(s.MaxWidth, width),
                Math.Max(s.MaxHeight, height)
            );
    }

    /// <summary>Writes index, manifest and digest.</summary>
    /// <param name="source">Where the images come from, in words.</param>
    /// <param name="superclasses">Per class the name of its superclass, or null.</param>
    /// <returns>The manifest, with the digest.</returns>
    public DatasetManifest Complete(string source, IReadOnlyList<string>? superclasses = null)
    {
        ObjectDisposedException.ThrowIf(_completed, this);
        _completed = true;
        var manifest = new DatasetManifest
        {
            Format = PackFormat.Version,
            Kind = Kind,
            Names = Names,
            Superclasses = superclasses,
            Train = new(_images[0], _perName[0]),
            Test = new(_images[1], _perName[1]),
            ImageBytes = _position - PackFormat.HeaderBytes,
            Sizes = _sizes,
            Channels = RgbImage.Channels,
            Source = source,
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, DatasetManifest.Json);
        var footer = new PackFooter(_position, _record.Length, Images, _position + _index.Length, json.Length);
        Write(_index.GetBuffer().AsSpan(0, (int)_index.Length));
        Write(json);
        Span<byte> end = stackalloc byte[PackFormat.FooterBytes];
        footer.Write(end);
        Write(end[..^PackFormat.DigestBytes]);
        _hash.GetHashAndReset(end[^PackFormat.DigestBytes..]);
        _output.Write(end[^PackFormat.DigestBytes..]);
        _output.Flush();
        return manifest with { Digest = Convert.ToHexStringLower(end[^PackFormat.DigestBytes..]) };
    }

    public void Dispose()
    {
        _completed = true;
        _hash.Dispose();
        _index.Dispose();
    }

    private void Count(DatasetSplit split, ReadOnlySpan<int> labels)
    {
        var perName = _perName[(int)split];
        if (Kind == DatasetKind.Classes)
        {
            if (labels.Length != 1 || (uint)labels[0] >= (uint)perName.Length)
                throw new ArgumentException($"Expected one class index below {perName.Length}.", nameof(labels));
            perName[labels[0]]++;
        }
        else
        {
            if (labels.Length != perName.Length || labels.ContainsAnyExceptInRange(0, 1))
                throw new ArgumentException($"Expected {perName.Length} labels of 0 or 1.", nameof(labels));
            for (var i = 0; i < labels.Length; i++)
                perName[i] += labels[i];
        }
        _images[(int)split]++;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _output.Write(bytes);
        _position += bytes.Length;
    }
}
