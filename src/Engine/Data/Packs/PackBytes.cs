using Microsoft.Win32.SafeHandles;

namespace ComodCluster.Engine.Data.Packs;

/// <summary>Random, concurrent reads of a stored file.</summary>
internal abstract class PackBytes : IDisposable
{
    public abstract long Length { get; }

    /// <summary>Fills the whole span.</summary>
    /// <exception cref="EndOfStreamException">Fewer bytes are there.</exception>
    public abstract void Read(long offset, Span<byte> to);

    public abstract void Dispose();

    public static PackBytes Of(string path) => new FileBytes(path);

    public static PackBytes Of(Stream stream, bool leaveOpen) => new StreamBytes(stream, leaveOpen);

    private sealed class FileBytes(string path) : PackBytes
    {
        private readonly SafeFileHandle _file = File.OpenHandle(path, options: FileOptions.RandomAccess);

        public override long Length => RandomAccess.GetLength(_file);

        public override void Read(long offset, Span<byte> to)
        {
            while (!to.IsEmpty)
            {
                var count = RandomAccess.Read(_file, to, offset);
                if (count == 0)
                    throw new EndOfStreamException();
                to = to[count..];
                offset += count;
            }
        }

        public override void Dispose() => _file.Dispose();
    }

    private sealed class StreamBytes(Stream stream, bool leaveOpen) : PackBytes
    {
        private readonly Lock _position = new();

        public override long Length => stream.Length;

        public override void Read(long offset, Span<byte> to)
        {
            lock (_position)
            {
                stream.Position = offset;
                stream.ReadExactly(to);
            }
        }

        public override void Dispose()
        {
            if (!leaveOpen)
                stream.Dispose();
        }
    }
}
