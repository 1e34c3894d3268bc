using ComodCluster.Api.Tasks;

namespace ComodCluster.Lab.Reproduce.Images;

/// <param name="Version">Null: it diverged.</param>
internal sealed record TrialResult(Trial Trial, VersionInfo? Version);
