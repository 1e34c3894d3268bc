using ComodCluster.Engine.Native;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// Whether the device still computes. What a batch throws does not say whose fault it is; so the device is asked for a
/// small computation, which one that is lost refuses, and one whose job is at fault does not.
/// </summary>
/// <param name="examine">Throws where the device computes nothing or wrongly. On the device thread.</param>
internal sealed class DeviceHealth(Action examine)
{
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the reason once the device is lost.</summary>
    public Task<string> Lost => _lost.Task;

    public bool IsLost => _lost.Task.IsCompleted;

    /// <summary>Asks the device, on its thread.</summary>
    public bool Examine()
    {
        try
        {
            if (!IsLost)
                examine();
        }
        catch (Exception e)
        {
            // Without memory for so little it may have some again in a moment.
            if (!DeviceMemory.IsExhausted(e))
                Lose(e);
        }
        return IsLost;
    }

    public void Lose(Exception cause) =>
        _lost.TrySetResult(cause.GetBaseException().Message.Split('\n')[0].Trim().TrimEnd('.'));

    /// <exception cref="DeviceLostException">It is lost.</exception>
    public void Require()
    {
        if (IsLost)
            throw Failure(null);
    }

    public DeviceLostException Failure(Exception? cause) => new(_lost.Task.Result, cause);

    /// <summary>A convolution whose result is known, and its way back to the host.</summary>
    public static void Compute(Device device)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        const float right = 2 * 2 * 2 * (2 * 3 * 3);
        var images = ones(1, 2, 4, 4, device: device);
        var found = nn.functional.conv2d(images, ones(2, 2, 3, 3, device: device)); // [1, 2, 2, 2]
        if (found.sum().item<float>() is var sum && sum != right)
            throw new InvalidOperationException($"it computes {sum} where {right} is right");
    }
}
