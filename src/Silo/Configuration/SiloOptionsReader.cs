using ComodCluster.Grains.Storage;
using Microsoft.Extensions.Options;

namespace ComodCluster.Silo.Configuration;

/// <summary>
/// Reads <see cref="SiloOptions"/> and says all that is wrong with them at once: keys that are no settings, values that
/// cannot be read, values that cannot be used.
/// </summary>
public static class SiloOptionsReader
{
    /// <exception cref="StartupException">One sentence, or a list of them: key, value and fix.</exception>
    public static SiloOptions Read(IConfiguration configuration)
    {
        var keys = SettingKeys.Of(configuration.GetSection(SiloOptions.Section));
        var options = keys.Readable.GetSection(SiloOptions.Section).Get<SiloOptions>() ?? new SiloOptions();
        string[] faults = [.. keys.Faults, .. Faults(options)];
        return faults.Length == 0
            ? options with
            {
                Storage = Path.GetFullPath(options.Storage),
            }
            : throw new StartupException(
                faults is [var only]
                    ? only
                    : $"{faults.Length} settings cannot be used:\n- {string.Join("\n- ", faults)}"
            );
    }

    private static IEnumerable<string> Faults(SiloOptions options)
    {
        var storage = new StorageOptions();
        options.ApplyTo(storage);
        return
        [
            .. Faults(new SiloOptionsValidator(), options),
            .. Faults(new StorageOptionsValidator(), storage),
            .. Faults(new ClusterSettingsValidator(), options.Cluster),
            .. Faults(new EngineLimitsValidator(), options.Engine),
            .. Faults(new UploadLimitsValidator(), options.Uploads),
            .. Faults(new AdmissionLimitsValidator(), options.Admission),
            .. Faults(new RetentionSettingsValidator(), options.Retention),
        ];
    }

    private static IEnumerable<string> Faults<T>(IValidateOptions<T> validator, T options)
        where T : class => validator.Validate(name: null, options).Failures ?? [];
}
