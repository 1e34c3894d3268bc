namespace ComodCluster.Engine.Native;

/// <summary>
/// Tensor code of the host, each piece on a thread that ends with it. OpenMP keeps a team for every thread that ever
/// computed, as long as that thread lives: one of the thread pool's would be an <see cref="IdleTeam"/> for ever.
/// </summary>
internal static class HostThread
{
    public static Task<T> Run<T>(Func<T> compute) =>
        Task.Factory.StartNew(
            compute,
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.RunContinuationsAsynchronously,
            TaskScheduler.Default
        );
}
