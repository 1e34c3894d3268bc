using System.Runtime.InteropServices;
using ComodCluster.Engine.Readouts;

namespace ComodCluster.Engine.Activations;

/// <summary>
/// Records of a trial's images on the host, which any thread may read once all are there: in memory, or of many images
/// in a file that goes with its reader.
/// </summary>
internal sealed class HostRecords : IFeatureRecords, IDisposable
{
    /// <summary>More than so many bytes are in a file.</summary>
    public const long InMemory = 128L << 20;

    private readonly List<float[]> _rows = [];
    private readonly FileStream? _file;

    /// <param name="count">Images that will come.</param>
    /// <param name="folder">Of a file; null: that of the system.</param>
    /// <param name="inMemory">As <see cref="InMemory"/>.</param>
    public HostRecords(RecordLayout layout, int count, string? folder, long inMemory = InMemory)
    {
        Layout = layout;
        if ((long)count * RowBytes <= inMemory)
            return;
        folder ??= Path.GetTempPath();
        Directory.CreateDirectory(folder);
        _file = new FileStream(
            Path.Combine(folder, Path.GetRandomFileName()),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.DeleteOnClose,
                BufferSize = 0,
            }
        );
    }

    public int Count { get; private set; }

    public RecordLayout Layout { get; }

    private int RowBytes => Layout.Width * sizeof(float);

    /// <param name="records">One after the other, each [W].</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Add(ReadOnlySpan<float> records)
    {
        for (; records.Length > 0; records = records[Layout.Width..])
        {
            var record = records[..Layout.Width];
            if (_file is null)
                _rows.Add(record.ToArray());
            else
                RandomAccess.Write(_file.SafeFileHandle, MemoryMarshal.AsBytes(record), (long)Count * RowBytes);
            Count++;
        }
    }

    public void Read(int row, Span<float> record)
    {
        if (_file is null)
        {
            _rows[row].CopyTo(record);
            return;
        }
        var bytes = MemoryMarshal.AsBytes(record[..Layout.Width]);
        if (RandomAccess.Read(_file.SafeFileHandle, bytes, (long)row * RowBytes) < bytes.Length)
            throw new EndOfStreamException($"The file of records ends before its row {row}.");
    }

    public void Dispose() => _file?.Dispose();
}
