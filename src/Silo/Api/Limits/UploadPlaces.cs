using ComodCluster.Silo.Bodies;
using ComodCluster.Silo.Problems;

namespace ComodCluster.Silo.Api.Limits;

/// <summary>
/// Who may upload at once. Where all places are taken, the slowest upload gives its own up to one that comes, unless it
/// is fast enough. Thread-safe.
/// </summary>
/// <param name="places">Uploads at once.</param>
/// <param name="bytesPerSecond">What is fast enough.</param>
public sealed class UploadPlaces(int places, double bytesPerSecond)
{
    private readonly HashSet<IncomingBody> _held = [];
    private readonly Lock _lock = new();

    /// <summary>Whether one that comes would get a place now.</summary>
    public bool AnyFree
    {
        get
        {
            lock (_lock)
                return _held.Count < places || Slowest() is not null;
        }
    }

    /// <returns>A place until it is disposed; null where there is none.</returns>
    public IDisposable? Enter(IncomingBody upload)
    {
        lock (_lock)
        {
            if (_held.Count >= places)
            {
                if (Slowest() is not { } slowest)
                    return null;
                _held.Remove(slowest);
                slowest.GiveUp(
                    RefusalException.Busy(
                        $"All {places} places for uploads of this gateway are wanted, and this one came with "
                            + $"{slowest.BytesPerSecond:0} bytes per second; try again when fewer are in flight, or "
                            + $"send it with {bytesPerSecond:0}.",
                        TimeSpan.FromSeconds(10)
                    )
                );
            }
            _held.Add(upload);
            return new Place(this, upload);
        }
    }

    private IncomingBody? Slowest() =>
        _held.MinBy(u => u.BytesPerSecond) is { } slowest && slowest.BytesPerSecond < bytesPerSecond ? slowest : null;

    private sealed class Place(UploadPlaces places, IncomingBody upload) : IDisposable
    {
        public void Dispose()
        {
            lock (places._lock)
                places._held.Remove(upload);
        }
    }
}
