namespace ComodCluster.Engine.Native;

/// <summary>Even a single row does not fit into the device's memory.</summary>
public sealed class DeviceMemoryException(Exception cause)
    : Exception(
        "The device has not enough memory for a single row: choose a later cut or a smaller backbone, unload "
            + "backbones, or lower ActivationCacheBytes.",
        cause
    );
