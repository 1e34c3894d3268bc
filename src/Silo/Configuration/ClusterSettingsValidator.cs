using System.Net;
using ComodCluster.Api;

namespace ComodCluster.Silo.Configuration;

public sealed class ClusterSettingsValidator() : SectionValidator<ClusterSettings>(ClusterSettings.Section)
{
    protected override IEnumerable<string> Faults(ClusterSettings options)
    {
        if (!IPAddress.TryParse(options.Address, out var address))
            yield return Refuse(options, nameof(options.Address));
        else if (!IPAddress.IsLoopback(address) && !options.Unencrypted)
            yield return Refuse(
                options,
                nameof(options.Address),
                $"other machines reach it, and nothing between silos is encrypted yet: where all of them are on a private "
                    + $"network, say so with {ClusterSettings.Section}:{nameof(options.Unencrypted)}=true"
            );
        if (!ObjectNames.IsValid(options.Id))
            yield return Refuse(options, nameof(options.Id));
        if (options.Name is not null && !ObjectNames.IsValid(options.Name))
            yield return Refuse(options, nameof(options.Name));
    }
}
