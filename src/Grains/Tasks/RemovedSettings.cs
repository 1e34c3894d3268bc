using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;

namespace ComodCluster.Grains.Tasks;

/// <summary>Refuses the settings that earlier builds had (docs/decisions/0016-removed-settings.md).</summary>
internal static class RemovedSettings
{
    /// <param name="options">Options of a request that registers, plans or adapts.</param>
    /// <exception cref="ComodException">settings-removed (400): names the setting.</exception>
    public static void RefuseIn(MethodOptions? options) => Refuse(options, "The options name", "leave it out");

    /// <param name="options">As the task was registered with.</param>
    /// <inheritdoc cref="RefuseIn"/>
    public static void RefuseInTask(MethodOptions? options) =>
        Refuse(options, "The task was registered with", "register another task without it");

    private static void Refuse(MethodOptions? options, string who, string remedy)
    {
        if (options?.Removed().FirstOrDefault() is not { } setting)
            return;
        throw new ComodException(
            ErrorCodes.SettingsRemoved,
            400,
            $"{who} the setting {setting}, which was removed because the study of the method found it "
                + $"harmful or without use (docs/method-study.md); {remedy}."
        );
    }
}
