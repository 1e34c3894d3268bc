using System.Runtime.InteropServices;

namespace ComodCluster.Engine.Data.Images;

/// <summary>Holds an array in place while native code reads or writes it.</summary>
internal readonly struct PinnedBytes(byte[] bytes) : IDisposable
{
    private readonly GCHandle _handle = GCHandle.Alloc(bytes, GCHandleType.Pinned);

    public IntPtr Address => _handle.AddrOfPinnedObject();

    public void Dispose() => _handle.Free();
}
