using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Loops;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Silo.Naming;
using ComodCluster.Silo.Problems;
using ComodCluster.Silo.Telemetry;

namespace ComodCluster.Silo.Backbones;

/// <summary>Registers the weights that ship with the silo, under their file names, while it already answers.</summary>
public sealed partial class BuiltInBackbones(
    BackboneRegistrar registrar,
    BlobStore blobs,
    SiloLoops loops,
    TimeProvider time,
    ILogger<BuiltInBackbones> logger
) : SiloLoop("built-in-backbones", RetryEvery, loops, time, logger)
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "Backbones");

    public Task Registered => _registered.Task;

    /// <summary>What it is doing, or what went wrong last.</summary>
    public string Activity { get; private set; } = "waiting for the silo";

    protected override async Task Round(CancellationToken cancellation)
    {
        var files = System.IO.Directory.Exists(Directory)
            ? System.IO.Directory.GetFiles(Directory, "*.safetensors").Order(StringComparer.Ordinal).ToArray()
            : [];
        foreach (var file in files)
            if (!await TryRegister(file, cancellation))
                return;
        _registered.SetResult();
        End();
    }

    private async Task<bool> TryRegister(string file, CancellationToken cancellation)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        Activity = $"registering '{name}'";
        try
        {
            if (!await registrar.Exists(Caller.Silo.Tenant, name, cancellation))
            {
                await using var weights = File.OpenRead(file);
                await using var received = await blobs.Receive(weights, null, cancellation);
                await registrar.Register(Caller.Silo.Tenant, name, received, new(null, null), cancellation);
            }
            return true;
        }
        catch (ComodException taken) when (taken.Code == ErrorCodes.NameTaken)
        {
            // Another silo of the cluster was faster.
            return true;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            Activity =
                $"'{name}' failed: {(ExceptionRefusal.Of(failure)?.Detail ?? "the silo's log says why").TrimEnd('.')}";
            LogFailed(name, RetryEvery, failure);
            return false;
        }
    }

    [LoggerMessage(
        SiloEvents.BuiltInBackboneFailed,
        LogLevel.Error,
        "The built-in backbone {Name} is not registered; trying again in {Delay}."
    )]
    private partial void LogFailed(string name, TimeSpan delay, Exception failure);
}
