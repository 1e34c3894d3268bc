using ComodCluster.Api.Datasets;

namespace ComodCluster.Cli.Commands.Data.Sources;

/// <summary>What an archive becomes.</summary>
/// <param name="Name">Of the data set.</param>
/// <param name="Seed">Chooses the held-out fifth where the archive has no test split.</param>
/// <param name="Job">Id of the job that imports it.</param>
/// <param name="Settings">How the archive is read.</param>
internal sealed record DatasetImport(string Name, int Seed, string Job, ImportSettings Settings);
