using ComodCluster.Api.Tasks;

namespace ComodCluster.Grains.Tasks;

/// <summary>What the catalog keeps of a version besides its state's blob.</summary>
/// <param name="Info">Its <see cref="VersionInfo.Active"/> means nothing here: the task knows which version is
/// active.</param>
/// <param name="Curve">Evaluations during the adaptation.</param>
public sealed record StoredVersion(VersionInfo Info, IReadOnlyList<CurvePoint> Curve);
