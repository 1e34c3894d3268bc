using ComodCluster.Api.Tasks;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary>A task with what its adaptation left: versions, and the inside of those of the first seed.</summary>
internal sealed record AdaptedTask(
    DemoTask Task,
    IReadOnlyList<VersionInfo> Versions,
    IReadOnlyList<(Method Method, VersionMaps Maps)> Maps
);
