namespace ComodCluster.Grains.Tasks;

/// <summary>Counts the task grains of this silo.</summary>
public sealed class ResidentTasks
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Entered() => Interlocked.Increment(ref _count);

    public void Left() => Interlocked.Decrement(ref _count);
}
