using System.Globalization;

namespace ComodCluster.Silo.Configuration;

public sealed class EngineLimitsValidator() : SectionValidator<EngineLimits>(EngineLimits.Section)
{
    protected override IEnumerable<string> Faults(EngineLimits options)
    {
        if (options.BatchRows is < 0 or > 4096 || options.BatchRows % 64 != 0)
            yield return Refuse(options, nameof(options.BatchRows));
        foreach (var (tenant, weight) in options.TenantWeights)
            if (weight is not (>= 0.01 and <= 100))
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{EngineLimits.Section}:{nameof(options.TenantWeights)}:{tenant} cannot be '{weight}'; take "
                        + $"0.01 to 100."
                );
    }
}
