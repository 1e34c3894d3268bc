using ComodCluster.Api;

namespace ComodCluster.Silo.Configuration;

public sealed class SiloOptionsValidator() : SectionValidator<SiloOptions>(SiloOptions.Section)
{
    protected override IEnumerable<string> Faults(SiloOptions options)
    {
        if (ListenAddress.Fault(options.Url) is { } unusable)
            yield return Refuse(options, nameof(options.Url), unusable);
        if (!IsDevice(options.Device))
            yield return Refuse(options, nameof(options.Device));
        if (!options.PreloadNames.All(ObjectNames.IsValid))
            yield return Refuse(options, nameof(options.Preload), "take names of backbones, separated by commas");
        if (!options.Roles.Split(',', StringSplitOptions.TrimEntries).All(role => role is "worker" or "gateway"))
            yield return Refuse(options, nameof(options.Roles));
        else if (options is { Database: null } and not { IsWorker: true, IsGateway: true })
            yield return Refuse(
                options,
                nameof(options.Roles),
                "a silo without Comod:Database is alone: take worker,gateway, or name a PostgreSQL database that "
                    + "the silos of the cluster share"
            );
        if (options.Admission.BodyBytes < options.Uploads.PredictBytes)
            yield return $"{AdmissionLimits.Section}:{nameof(AdmissionLimits.BodyBytes)} cannot be "
                + $"'{options.Admission.BodyBytes}'; take at least the {options.Uploads.PredictBytes} of "
                + $"{UploadLimits.Section}:{nameof(UploadLimits.PredictBytes)}, or lower that.";
        foreach (var (port, of, other, name) in Pairs(options))
            if (port != 0 && port == other)
                yield return Refuse(options, of, $"it is the port of {name}: take another one");
    }

    private static bool IsDevice(string device) =>
        device is "auto" or "cpu" or "cuda"
        || device.StartsWith("cuda:", StringComparison.Ordinal) && ushort.TryParse(device[5..], out _);

    private static IEnumerable<(int Port, string Of, int Other, string Name)> Pairs(SiloOptions options)
    {
        var http = ListenAddress.Fault(options.Url) is null ? ListenAddress.Of(options).Port : 0;
        yield return (
            options.GatewayPort,
            nameof(options.GatewayPort),
            options.SiloPort,
            $"{SiloOptions.Section}:{nameof(options.SiloPort)}"
        );
        yield return (options.SiloPort, nameof(options.SiloPort), http, "HTTP");
        yield return (options.GatewayPort, nameof(options.GatewayPort), http, "HTTP");
    }
}
