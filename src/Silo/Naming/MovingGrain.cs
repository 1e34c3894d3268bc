using ComodCluster.Api;
using ComodCluster.Contracts;
using Orleans.Runtime.Messaging;

namespace ComodCluster.Silo.Naming;

/// <summary>
/// Calls that may be made twice, to grains whose silo may be going: they are repeated until the grain answers from
/// another one.
/// </summary>
public static class MovingGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15),
        Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="call">Changes nothing, or nothing more the second time.</param>
    public static async Task<T> Ask<T>(Func<Task<T>> call, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await call().WaitAsync(cancellation);
            }
            catch (Exception failure) when (IsGoing(failure) && time.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    private static bool IsGoing(Exception failure) =>
        failure
            is OrleansMessageRejectionException { InnerException: not InvalidMessageFrameException }
                or SiloUnavailableException
                or ObjectDisposedException
                or ComodException { Code: ErrorCodes.DeviceLost }
        || failure is OperationCanceledException { CancellationToken.IsCancellationRequested: false };
}
