using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Native;
using ComodCluster.Grains.Storage.Faults;

namespace ComodCluster.Grains.Refusals;

/// <summary>
/// Turns what the engine and the storage refuse into the exception that crosses grain calls with its code.
/// </summary>
internal sealed class RefusalFilter : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception failure) when (Translate(failure) is { } refusal && !ReferenceEquals(refusal, failure))
        {
            // Whoever asks again is answered elsewhere. To deactivate is not enough: a caller that remembers this silo
            // would have the grain activated here again and again.
            if (failure is DeviceLostException && context.Grain is IGrainBase grain)
                grain.MigrateOnIdle();
            throw refusal;
        }
    }

    public static ComodException? Translate(Exception failure) =>
        failure switch
        {
            ComodException known => Portable(known),
            InputException input => new ComodException(input.Code, 422, input.Message)
            {
                Images =
                    input.Items.Count == 0
                        ? null
                        : [.. input.Items.Select(item => new ImageRefusal(item.Index, item.Code, item.Message))],
            },
            EngineBusyException busy => new ComodException(ErrorCodes.Busy, 429, busy.Message),
            DeviceMemoryException full => new ComodException(ErrorCodes.DeviceMemory, 503, full.Message),
            DeviceLostException lost => new ComodException(ErrorCodes.DeviceLost, 503, lost.Message),
            _ => StorageFaults.Translate(failure) is { } fault ? Portable(fault) : null,
        };

    // The cause goes along in words: where its type is a driver's, no other silo could read the refusal.
    private static ComodException Portable(ComodException refusal) =>
        refusal.InnerException is { } cause
            ? new(refusal.Code, refusal.Status, refusal.Message, new IOException(cause.GetBaseException().Message))
            {
                Images = refusal.Images,
            }
            : refusal;
}
