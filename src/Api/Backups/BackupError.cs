namespace ComodCluster.Api.Backups;

/// <summary>Why a backup failed.</summary>
/// <param name="Code">Stable, lower-case, hyphenated.</param>
/// <param name="Message">One sentence: cause and fix.</param>
public sealed record BackupError(string Code, string Message);
