using System.Buffers.Binary;
using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace ComodCluster.Engine.Activations;

/// <summary>
/// Activations of one data set in a file: a header, a checksum per image (0: absent), and the items at fixed places,
/// with holes for those absent. Items are written, so that a full disk is an exception, and read through a mapping. An
/// item counts once its checksum is written after it; one whose bytes do not fit its checksum is absent. One process at
/// a time has the file.
/// </summary>
internal sealed class ActivationFile : IDisposable
{
    public const string Extension = ".prefix";
    private const int Format = 1,
        HeaderBytes = 64,
        ChecksumBytes = sizeof(ulong),
        Page = 4096;
    private static ReadOnlySpan<byte> Magic => "COMODPFX"u8;

    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly ulong[] _checksums;
    private readonly long _data;

    private ActivationFile(FileStream file, int images, int itemBytes)
    {
        (_file, ItemBytes) = (file, itemBytes);
        _checksums = new ulong[images];
        _data = DataOffset(images);
        RandomAccess.Read(file.SafeFileHandle, MemoryMarshal.AsBytes(_checksums.AsSpan()), HeaderBytes);
        Items = _checksums.Count(c => c != 0);
        _map = MemoryMappedFile.CreateFromFile(
            file,
            null,
            0,
            MemoryMappedFileAccess.Read,
            HandleInheritability.None,
            leaveOpen: true
        );
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    public int ItemBytes { get; }

    /// <summary>Images that are there.</summary>
    public int Items { get; private set; }

    /// <summary>Bytes that it takes of the disk, about.</summary>
    public long Bytes => _data + (long)Items * ItemBytes;

    /// <summary>Opens or makes the file of a data set.</summary>
    /// <param name="damaged">Whether something else was at its place, of another version or cut off, and was thrown
    /// away.</param>
    /// <exception cref="IOException">Another process has it, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static ActivationFile Open(string path, byte[] digest, int images, int itemBytes, out bool damaged)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var header = new byte[HeaderBytes];
            Magic.CopyTo(header);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Format);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), images);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), itemBytes);
            digest.CopyTo(header.AsSpan(32));
            var length = DataOffset(images) + (long)images * itemBytes;
            var found = new byte[HeaderBytes];
            damaged =
                file.Length > 0
                && !(
                    file.Length == length
                    && RandomAccess.Read(file.SafeFileHandle, found, 0) == HeaderBytes
                    && found.AsSpan().SequenceEqual(header)
                );
            if (damaged)
                file.SetLength(0);
            if (file.Length == 0)
            {
                file.SetLength(length);
                RandomAccess.Write(file.SafeFileHandle, header, 0);
            }
            return new ActivationFile(file, images, itemBytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// About what a file that is not open takes of the disk, holes left out; 0 where it cannot be read.
    /// </summary>
    public static long OccupiedBytes(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var header = new byte[HeaderBytes];
            if (RandomAccess.Read(file, header, 0) < HeaderBytes || !header.AsSpan().StartsWith(Magic))
                return RandomAccess.GetLength(file);
            int images = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)),
                itemBytes = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(16));
            if (images < 0 || (long)images * ChecksumBytes > RandomAccess.GetLength(file))
                return RandomAccess.GetLength(file);
            var checksums = new ulong[images];
            RandomAccess.Read(file, MemoryMarshal.AsBytes(checksums.AsSpan()), HeaderBytes);
            return DataOffset(images) + checksums.LongCount(c => c != 0) * itemBytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    public bool Has(int image) => _checksums[image] != 0;

    /// <summary>Copies an item that is there.</summary>
    /// <returns>False where its bytes are damaged; it is absent from now on.</returns>
    public bool TryRead(int image, Span<byte> item)
    {
        _view.SafeMemoryMappedViewHandle.ReadSpan((ulong)(_data + (long)image * ItemBytes), item);
        if (Checksum(item) == _checksums[image])
            return true;
        _checksums[image] = 0;
        Items--;
        return false;
    }

    /// <exception cref="IOException">The disk is full; the item stays absent.</exception>
    public void Write(int image, ReadOnlySpan<byte> item)
    {
        RandomAccess.Write(_file.SafeFileHandle, item, _data + (long)image * ItemBytes);
        var checksum = Checksum(item);
        Span<byte> bytes = stackalloc byte[ChecksumBytes];
        MemoryMarshal.Write(bytes, checksum);
        RandomAccess.Write(_file.SafeFileHandle, bytes, HeaderBytes + (long)image * ChecksumBytes);
        if (_checksums[image] == 0)
            Items++;
        _checksums[image] = checksum;
    }

    public void Dispose()
    {
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
    }

    private static long DataOffset(int images) => (HeaderBytes + (long)images * ChecksumBytes + Page - 1) / Page * Page;

    /// <summary>Never 0.</summary>
    private static ulong Checksum(ReadOnlySpan<byte> item) => Math.Max(1, XxHash3.HashToUInt64(item));
}
