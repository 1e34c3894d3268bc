using System.Net;
using ComodCluster.Api;

namespace ComodCluster.Silo.Configuration;

public sealed class ClusterSettingsValidator() : SectionValidator<ClusterSettings>(ClusterSettings.Section)
{
    protected override IEnumerable<string> Faults(ClusterSettings options)
    {
        if (!IPAddress.TryParse(options.Address, out _))
            yield return Refuse(options, nameof(options.Address));
        if (!ObjectNames.IsValid(options.Id))
            yield return Refuse(options, nameof(options.Id));
        if (options.Name is not null && !ObjectNames.IsValid(options.Name))
            yield return Refuse(options, nameof(options.Name));
    }
}
