namespace ComodCluster.Engine.Execution;

/// <summary>The device computes nothing any more: work must go to another one.</summary>
public sealed class DeviceLostException(string reason, Exception? cause = null)
    : Exception($"The worker's device is lost ({reason}); another worker has to go on.", cause);
