using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using ComodCluster.Contracts;

namespace ComodCluster.Silo.Hosting;

/// <summary>Reads and validates <see cref="SiloOptions"/>; keys that are not settings are refused.</summary>
public static partial class SiloOptionsReader
{
    /// <exception cref="StartupException">A key is unknown or a value cannot be used.</exception>
    public static SiloOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(SiloOptions.Section);
        RefuseUnknown(section, typeof(SiloOptions));
        SiloOptions options;
        try
        {
            options = section.Get<SiloOptions>() ?? new SiloOptions();
        }
        catch (InvalidOperationException failure)
        {
            throw new StartupException(Unconvertible().Match(failure.Message) is { Success: true } value
                ? $"Setting {value.Groups[2].Value} cannot be '{value.Groups[1].Value}'; give a value of type {value.Groups[3].Value}, or leave it out."
                : $"A setting cannot be read ({failure.Message.TrimEnd('.')}); correct it or leave it out.", inner: failure);
        }
        Validate(options);
        return options with { Storage = Path.GetFullPath(options.Storage) };
    }

    private static void RefuseUnknown(IConfigurationSection section, Type type)
    {
        var known = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var child in section.GetChildren())
        {
            var property = known.FirstOrDefault(candidate => candidate.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw new StartupException($"'{child.Path}' is no setting of the silo; the settings under {section.Path} are {string.Join(", ", known.Select(p => p.Name))}.");
            if (property.PropertyType.Namespace!.StartsWith(nameof(ComodCluster), StringComparison.Ordinal)) RefuseUnknown(child, property.PropertyType);
        }
    }

    private static void Validate(SiloOptions options)
    {
        var http = ListenAddress.Of(options).Port;
        Require(options.Storage.Trim().Length > 0 && !options.Storage.AsSpan().ContainsAny(Path.GetInvalidPathChars()), "Storage", "name a directory");
        Require(options.Device is "auto" or "cpu" or "cuda" || options.Device.StartsWith("cuda:", StringComparison.Ordinal) && ushort.TryParse(options.Device[5..], out _),
            "Device", $"'{options.Device}' is none of auto, cpu, cuda and cuda:N");
        Require(options.Roles.Split(',', StringSplitOptions.TrimEntries) is { Length: > 0 } roles && roles.All(r => r is "worker" or "gateway"), "Roles",
            $"'{options.Roles}' is none of worker, gateway and worker,gateway");
        Require(options.Database is not null || options is { IsWorker: true, IsGateway: true }, "Roles",
            "a silo without Comod:Database is alone and must be worker,gateway; name a PostgreSQL database that the silos of the cluster share");
        Require(options.Database is null || options.Blobs is not null, "Blobs", "name a directory that all silos on the database reach, or s3://bucket/prefix");
        if (options.S3.Problem(options.Blobs) is var (key, fix)) Require(false, key, fix);
        Require(IPAddress.TryParse(options.Cluster.Address, out _), "Cluster:Address", $"'{options.Cluster.Address}' is no IP address");
        Require(Names.IsValid(options.Cluster.Id), "Cluster:Id", $"'{options.Cluster.Id}' is no name; take lower-case letters, digits and hyphens");
        Require(options.Cluster.Name is null || Names.IsValid(options.Cluster.Name), "Cluster:Name", $"'{options.Cluster.Name}' is no name; take lower-case letters, digits and hyphens");
        Require(options.PreloadNames.All(Names.IsValid), "Preload", $"'{options.Preload}' is no list of names of backbones, separated by commas");
        Require(options.AdaptationsAtOnce is >= 1 and <= 100_000, "AdaptationsAtOnce", "take 1 to 100000");
        Require(options.Threads is >= 0 and <= 1024, "Threads", "take 0 (all cores) to 1024");
        Require(options.SiloPort is >= 0 and <= 65535, "SiloPort", "take 0 (a free port) to 65535");
        Require(options.GatewayPort is >= 0 and <= 65535, "GatewayPort", "take 0 (a free port) to 65535");
        Require(options.SiloPort == 0 || options.SiloPort != options.GatewayPort, "GatewayPort", "take another port than SiloPort");
        Require(http == 0 || options.SiloPort != http, "SiloPort", "take another port than the one of HTTP");
        Require(http == 0 || options.GatewayPort != http, "GatewayPort", "take another port than the one of HTTP");
        Require(options.ParentProcess is null or > 0, "ParentProcess", "name a process id above 0");
        Require(options.Engine.CheckpointSeconds is > 0 and <= 3600, "Engine:CheckpointSeconds", "take more than 0, at most 3600");
        Require(options.Engine.Precision is "auto" or "float32" or "bfloat16", "Engine:Precision", $"'{options.Engine.Precision}' is none of auto, float32 and bfloat16");
        options.ToEngine().Validate();
        Require(options.Admission.Predictions > 0, "Admission:Predictions", "take more than 0");
        Require(options.Admission.PredictionsPerTask > 0, "Admission:PredictionsPerTask", "take more than 0");
        Require(options.Admission.Uploads > 0, "Admission:Uploads", "take more than 0");
        Require(options.Admission.WaitingJobs > 0, "Admission:WaitingJobs", "take more than 0");
        Require(options.Uploads.ArchiveBytes > 0, "Uploads:ArchiveBytes", "take more than 0");
        Require(options.Uploads.WeightsBytes > 0, "Uploads:WeightsBytes", "take more than 0");
        Require(options.Uploads.PredictBytes > 0, "Uploads:PredictBytes", "take more than 0");
    }

    private static void Require(bool holds, string key, string fix)
    {
        if (!holds) throw new StartupException($"Setting {SiloOptions.Section}:{key} cannot be used: {fix}.");
    }

    [GeneratedRegex("configuration value '(.*)' at '(.+)' to type 'System\\.(?:Nullable`1\\[System\\.)?([A-Za-z0-9]+)")]
    private static partial Regex Unconvertible();
}
