using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Images;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// Decodes the images of predictions: few at once, within a bound of memory, the tenant's first whose turn it is. Its
/// time is charged to the tenant. Thread-safe.
/// </summary>
/// <param name="atOnce">Images at once.</param>
/// <param name="bytes">Pixels at once; one image that has more is decoded alone.</param>
internal sealed class DecodeQueue(FairShare share, int atOnce, long bytes, TimeProvider time)
{
    private const int BytesPerPixel = 4;
    private const double ImageSeconds = 1e-3;

    private readonly List<Waiter> _waiting = [];
    private readonly Lock _lock = new();
    private int _decoding;
    private long _held;

    /// <summary>As many as there are cores, and their pixels in a sixteenth of the memory.</summary>
    public static DecodeQueue Of(FairShare share, TimeProvider time) =>
        new(share, Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16, time);

    /// <param name="cancellation">Looked at before each image.</param>
    /// <returns>Of each image.</returns>
    /// <exception cref="InputException">Its items are all images that cannot be decoded.</exception>
    public async Task<PixelBuffer[]> Decode(
        string tenant,
        BackboneSpec spec,
        IReadOnlyList<byte[]> images,
        CancellationToken cancellation
    )
    {
        var pixels = new PixelBuffer[images.Count];
        var faults = new List<ItemFault>();
        try
        {
            for (var i = 0; i < pixels.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    var (width, height) = ImageDecoder.ReadSize(images[i], ImageLimits.Default);
                    using (await Enter(tenant, (long)width * height * BytesPerPixel, cancellation))
                        pixels[i] = PixelBuffer.Decode(spec, images[i]);
                }
                catch (InputException unusable)
                {
                    faults.Add(new(i, unusable.Code, unusable.Message));
                }
            }
            return faults.Count > 0 ? throw InputException.Of(faults) : pixels;
        }
        catch
        {
            foreach (var decoded in pixels)
                decoded?.Dispose();
            throw;
        }
    }

    /// <summary>Room for one image, until it is disposed.</summary>
    internal Task<IDisposable> Enter(string tenant, long pixels, CancellationToken cancellation)
    {
        var waiter = new Waiter(this, tenant, Math.Min(pixels, bytes), cancellation);
        lock (_lock)
        {
            _waiting.Add(waiter);
            Admit();
        }
        return waiter.Room;
    }

    // The first in turn waits for its room: a large image is not passed over by small ones for ever.
    private void Admit()
    {
        while (_waiting.Count > 0 && _decoding < atOnce)
        {
            var next = _waiting.Count == 1 ? _waiting[0] : share.Order(_waiting, w => w.Tenant, ImageSeconds)[0];
            if (_held + next.Bytes > bytes)
                return;
            _waiting.Remove(next);
            if (!next.Start(time.GetTimestamp()))
                continue;
            _decoding++;
            _held += next.Bytes;
        }
    }

    private void Leave(Waiter waiter, TimeSpan decoding)
    {
        // The share counts seconds of the whole device.
        share.Charge(waiter.Tenant, decoding.TotalSeconds / Environment.ProcessorCount);
        lock (_lock)
        {
            _decoding--;
            _held -= waiter.Bytes;
            Admit();
        }
    }

    private void Withdraw(Waiter waiter)
    {
        lock (_lock)
        {
            if (_waiting.Remove(waiter))
                Admit();
        }
    }

    private sealed class Waiter : IDisposable
    {
        private readonly DecodeQueue _queue;
        private readonly TaskCompletionSource<IDisposable> _room = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        private readonly CancellationTokenRegistration _cancelled;
        private long _start;

        public Waiter(DecodeQueue queue, string tenant, long bytes, CancellationToken cancellation)
        {
            (_queue, Tenant, Bytes) = (queue, tenant, bytes);
            _cancelled = cancellation.UnsafeRegister(
                (_, token) =>
                {
                    if (_room.TrySetCanceled(token))
                        _queue.Withdraw(this);
                },
                null
            );
        }

        public string Tenant { get; }

        public long Bytes { get; }

        public Task<IDisposable> Room => _room.Task;

        /// <returns>False: it is cancelled.</returns>
        public bool Start(long now)
        {
            _start = now;
            return _room.TrySetResult(this);
        }

        public void Dispose()
        {
            _cancelled.Unregister();
            _queue.Leave(this, _queue.Elapsed(_start));
        }
    }

    private TimeSpan Elapsed(long start) => time.GetElapsedTime(start);
}
