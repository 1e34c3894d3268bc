using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace ComodCluster.Engine.Backbones;

/// <summary>A file's bytes as memory that the system reads when it is looked at.</summary>
internal sealed unsafe class MappedFile : MemoryManager<byte>
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _first;
    private readonly int _length;

    private MappedFile(string path, int length)
    {
        _length = length;
        _map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _first);
    }

    /// <param name="path">A file that nobody changes meanwhile.</param>
    /// <exception cref="InputException"><c>weights-file</c>: it is empty, or too large to be looked at.</exception>
    public static MappedFile Open(string path) =>
        new FileInfo(path).Length is > 0 and <= int.MaxValue and var length
            ? new MappedFile(path, (int)length)
            : throw new InputException(
                "weights-file",
                "The file is not a usable safetensors file: it must have 1 to 2147483647 bytes; export or upload it "
                    + "again."
            );

    public override Span<byte> GetSpan() => new(_first, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_first + elementIndex);

    public override void Unpin() { }

    protected override void Dispose(bool disposing)
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }
}
