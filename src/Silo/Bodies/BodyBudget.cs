using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Telemetry;

namespace ComodCluster.Silo.Bodies;

/// <summary>Bytes of request bodies that a gateway holds in memory at once. Thread-safe.</summary>
public sealed class BodyBudget(SiloOptions options, AdmissionInstruments instruments)
{
    private long _held;

    public long Bytes { get; } = options.BodyBytes;

    /// <summary>Whether so many would fit now; takes nothing.</summary>
    public bool HasRoomFor(long bytes) => Interlocked.Read(ref _held) <= Bytes - bytes;

    /// <returns>Whether they fitted; nothing was taken where they did not.</returns>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) > Bytes)
        {
            Interlocked.Add(ref _held, -bytes);
            return false;
        }
        instruments.BodiesHold(bytes);
        return true;
    }

    public void Return(long bytes)
    {
        Interlocked.Add(ref _held, -bytes);
        instruments.BodiesHold(-bytes);
    }
}
