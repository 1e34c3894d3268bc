using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using ComodCluster.Engine.Data.Images;

namespace ComodCluster.Engine.Data.Packs;

/// <summary>An immutable data set: encoded images in one file with an index. Thread-safe.</summary>
public sealed class DatasetPack : IDisposable
{
    private readonly PackBytes _bytes;
    private readonly byte[] _index;
    private readonly int _recordBytes;
    private readonly int[][] _bySplit;

    private DatasetPack(PackBytes bytes, DatasetManifest manifest, byte[] index, PackFooter footer)
    {
        (_bytes, Manifest, _index, _recordBytes, Count) = (bytes, manifest, index, footer.RecordBytes, footer.Images);
        _bySplit = [Of(DatasetSplit.Train), Of(DatasetSplit.Test)];
        int[] Of(DatasetSplit split) => [.. Enumerable.Range(0, Count).Where(i => Record(i)[20] == (byte)split)];
    }

    public DatasetManifest Manifest { get; }

    /// <summary>Images of both splits.</summary>
    public int Count { get; }

    /// <exception cref="InputException"><c>pack-unreadable</c>: no pack, cut off, or of an unknown version.</exception>
    public static DatasetPack Open(string path) => Open(PackBytes.Of(path));

    /// <param name="stream">Seekable.</param>
    /// <param name="leaveOpen">Whether the stream outlives the pack.</param>
    /// <exception cref="InputException"><c>pack-unreadable</c>: no pack, cut off, or of an unknown version.</exception>
    public static DatasetPack Open(Stream stream, bool leaveOpen = false) => Open(PackBytes.Of(stream, leaveOpen));

    /// <summary>Places of a split's images, in the order of the import.</summary>
    public IReadOnlyList<int> Indices(DatasetSplit split) => _bySplit[(int)split];

    public IEnumerable<PackEntry> Entries(DatasetSplit split) => _bySplit[(int)split].Select(Entry);

    /// <summary>Places of a class's images in a split, in the order of the import.</summary>
    public int[] IndicesOfClass(DatasetSplit split, int label)
    {
        if (Manifest.Kind != DatasetKind.Classes)
            throw new InvalidOperationException("The data set has attributes, not classes.");
        return
        [
            .. _bySplit[(int)split]
                .Where(i => BinaryPrimitives.ReadInt32LittleEndian(Record(i)[PackFormat.RecordBytes..]) == label),
        ];
    }

    public PackEntry Entry(int index)
    {
        var record = Record(index);
        return new(
            index,
            (DatasetSplit)record[20],
            Labels(index),
            BinaryPrimitives.ReadInt32LittleEndian(record[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(record[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(record[8..]),
            Convert.ToHexStringLower(record.Slice(21, 32))
        );
    }

    public int[] Labels(int index) =>
        PackFormat.ReadLabels(Manifest.Kind, Manifest.Names.Count, Record(index)[PackFormat.RecordBytes..]);

    /// <summary>SHA-256 of an image's encoded bytes (32 bytes).</summary>
    public ReadOnlyMemory<byte> Sha256(int index)
    {
        _ = Record(index);
        return _index.AsMemory(index * _recordBytes + 21, 32);
    }

    /// <summary>An image's encoded bytes, checked against its SHA-256.</summary>
    /// <exception cref="InputException"><c>pack-corrupt</c>: the stored bytes have changed.</exception>
    public ReadOnlyMemory<byte> ReadImage(int index)
    {
        var record = Record(index);
        var image = GC.AllocateUninitializedArray<byte>(BinaryPrimitives.ReadInt32LittleEndian(record[8..]));
        Span<byte> hash = stackalloc byte[32];
        try
        {
            _bytes.Read(BinaryPrimitives.ReadInt64LittleEndian(record), image);
        }
        catch (EndOfStreamException e)
        {
            throw Corrupt(e);
        }
        SHA256.HashData(image, hash);
        return hash.SequenceEqual(record.Slice(21, 32)) ? image : throw Corrupt(null);
    }

    public RgbImage Decode(int index) => ImageDecoder.Decode(ReadImage(index), ImageLimits.Default);

    /// <summary>Reads the whole file once and compares its digest.</summary>
    /// <exception cref="InputException"><c>pack-corrupt</c>: the stored bytes have changed.</exception>
    public void VerifyDigest(CancellationToken cancellationToken = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        var end = _bytes.Length - PackFormat.DigestBytes;
        for (long at = 0; at < end; at += buffer.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at));
            _bytes.Read(at, part);
            hash.AppendData(part);
        }
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != Manifest.Digest)
            throw Corrupt(null);
    }

    public void Dispose() => _bytes.Dispose();

    private static DatasetPack Open(PackBytes bytes)
    {
        try
        {
            if (bytes.Length < PackFormat.HeaderBytes + PackFormat.FooterBytes)
                throw Unreadable(null);
            Span<byte> header = stackalloc byte[PackFormat.HeaderBytes],
                end = stackalloc byte[PackFormat.FooterBytes];
            bytes.Read(0, header);
            bytes.Read(bytes.Length - end.Length, end);
            if (!header.StartsWith(PackFormat.Magic))
                throw Unreadable(null);
            var version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
            if (version != PackFormat.Version)
            {
                throw new InputException(
                    "pack-unreadable",
                    $"The data set pack has format {version} and this program reads {PackFormat.Version}; update "
                        + $"the program."
                );
            }
            if (!end[32..].StartsWith(PackFormat.Magic))
                throw Unreadable(null);
            var footer = PackFooter.Read(end);
            if (
                footer.Images < 0
                || footer.RecordBytes < PackFormat.RecordBytes
                || footer.ManifestBytes < 0
                || footer.ManifestOffset - footer.IndexOffset != (long)footer.Images * footer.RecordBytes
                || footer.ManifestOffset + footer.ManifestBytes + end.Length != bytes.Length
            )
                throw Unreadable(null);
            var index = new byte[checked((int)(footer.ManifestOffset - footer.IndexOffset))];
            bytes.Read(footer.IndexOffset, index);
            var json = new byte[footer.ManifestBytes];
            bytes.Read(footer.ManifestOffset, json);
            var manifest = JsonSerializer.Deserialize<DatasetManifest>(json, DatasetManifest.Json)! with
            {
                Digest = Convert.ToHexStringLower(end[^PackFormat.DigestBytes..]),
            };
            if (
                footer.RecordBytes
                != PackFormat.RecordBytes + PackFormat.LabelBytes(manifest.Kind, manifest.Names.Count)
            )
                throw Unreadable(null);
            return new DatasetPack(bytes, manifest, index, footer);
        }
        catch (Exception e)
        {
            bytes.Dispose();
            if (e is JsonException or OverflowException or ArgumentException or EndOfStreamException)
                throw Unreadable(e);
            throw;
        }
    }

    private ReadOnlySpan<byte> Record(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _index.AsSpan(index * _recordBytes, _recordBytes);
    }

    private static InputException Unreadable(Exception? inner) =>
        new("pack-unreadable", "The file is not a complete data set pack; import the data set again.", inner);

    private static InputException Corrupt(Exception? inner) =>
        new("pack-corrupt", "The stored data set has changed on disk; import it again.", inner);
}
