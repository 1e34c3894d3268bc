using System.Net;
using ComodCluster.Contracts;

namespace ComodCluster.Silo.Configuration;

public sealed class ClusterSettingsValidator() : SectionValidator<ClusterSettings>(ClusterSettings.Section)
{
    protected override IEnumerable<string> Faults(ClusterSettings options)
    {
        if (!IPAddress.TryParse(options.Address, out _)) yield return Refuse(options, nameof(options.Address));
        if (!Names.IsValid(options.Id)) yield return Refuse(options, nameof(options.Id));
        if (options.Name is not null && !Names.IsValid(options.Name)) yield return Refuse(options, nameof(options.Name));
    }
}
