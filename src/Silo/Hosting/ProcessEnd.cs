namespace ComodCluster.Silo.Hosting;

/// <summary>How the process ends.</summary>
public sealed class ProcessEnd
{
    /// <summary>The device is lost: start the process again.</summary>
    public const int DeviceLost = 3;

    public int ExitCode { get; set; }
}
