using System.Globalization;

namespace ComodCluster.Engine.Execution;

/// <summary>What decides the last bits of a result besides the work itself; written into every version.</summary>
/// <param name="Precision">Precision of the frozen convolutions.</param>
/// <param name="BatchRows">Rows of a batch; fewer than configured where the device ran out of memory.</param>
/// <param name="Threads">Threads of one tensor operation.</param>
/// <param name="Device">Null for the processor.</param>
internal sealed record ExecutionProfile(string Precision, int BatchRows, int Threads, string? Device)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Precision}/{BatchRows}/{Threads}{(Device is null ? "" : $"/{Device}")}"
        );
}
