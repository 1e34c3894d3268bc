namespace ComodCluster.Silo.Hosting;

/// <summary>Ready: joined the cluster, storage can be written, the built-in backbones are registered.</summary>
public sealed class Readiness(SiloOptions options, ISiloStatusOracle silos, BuiltInBackbones backbones)
{
    /// <summary>Why requests should not come yet; empty when ready.</summary>
    public IReadOnlyList<string> Missing()
    {
        var missing = new List<string>();
        if (silos.CurrentStatus != SiloStatus.Active) missing.Add($"the silo is not part of the cluster ({silos.CurrentStatus})");
        if (WriteFailure() is { } failure) missing.Add($"the data directory cannot be written ({failure})");
        if (!backbones.Registered.IsCompletedSuccessfully) missing.Add($"the built-in backbones are not registered ({backbones.Activity})");
        return missing;
    }

    private string? WriteFailure()
    {
        var probe = Path.Combine(options.Storage, $".probe-{Environment.ProcessId}");
        try
        {
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message.Replace(probe, "its probe file", StringComparison.Ordinal);
        }
    }
}
