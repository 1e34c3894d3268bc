namespace ComodCluster.Engine.Trials;

/// <summary>Seconds of the device thread that a trial is charged for besides those of its lanes.</summary>
internal sealed class DeviceClock(TimeProvider time)
{
    public double Seconds { get; private set; }

    public void Charge(Action work)
    {
        var start = time.GetTimestamp();
        work();
        Seconds += time.GetElapsedTime(start).TotalSeconds;
    }
}
