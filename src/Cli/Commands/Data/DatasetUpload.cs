using ComodCluster.Api;
using ComodCluster.Api.Datasets;
using ComodCluster.Cli.Commands.Data.Sources;
using ComodCluster.Cli.Commands.Watching;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Data;

/// <summary>Uploads an archive and waits until it is imported; one that is there already is not sent again.</summary>
internal sealed class DatasetUpload(ComodClient client, Terminal terminal)
{
    /// <param name="word">A zip, a folder, a pattern of files or <c>-</c>: <see cref="ArchiveSource.Of"/>.</param>
    /// <param name="name">Null: from the archive's name and content.</param>
    /// <returns>The data set's name.</returns>
    public async Task<string> Ensure(
        string word,
        string? name,
        int seed,
        ImportSettings settings,
        CancellationToken cancellation
    )
    {
        using var archive = await ArchiveSource.Of(word, terminal, cancellation);
        var digest = archive.Digest;
        var chosen = name ?? $"{Slug.Of(Path.GetFileNameWithoutExtension(archive.Name))}-{digest[..8]}";
        var job = $"import-{JobDigest(chosen, digest, seed, settings)[..16]}";
        if (await Find(chosen, cancellation) is { } known)
        {
            // The job's id tells that it is the same archive, imported in the same way.
            if (known.Job == job && known.Phase == DatasetPhase.Ready)
                return chosen;
            if (known.Job == job && known.Phase == DatasetPhase.Importing)
            {
                await Watch(chosen, await client.Jobs.Get(job, cancellation), cancellation);
                return chosen;
            }
            if (known.Phase == DatasetPhase.Failed)
                await client.Datasets.Delete(chosen, cancellation);
            if (known.Phase == DatasetPhase.Failed && known.Job == job)
                job = $"{job}-{Digests.Of(known.Uid)[..8]}";
        }
        var import = await Uploading.Show(
            terminal,
            $"Uploading {archive.Name}",
            archive.Bytes,
            sent => archive.Send(client.Datasets, new(chosen, seed, job, settings), sent, cancellation)
        );
        await Watch(chosen, import, cancellation);
        return chosen;
    }

    private static string JobDigest(string name, string digest, int seed, ImportSettings settings) =>
        settings == new ImportSettings() ? Digests.Of(name, digest, seed) : Digests.Of(name, digest, seed, settings);

    private Task Watch(string name, ComodCluster.Api.Jobs.JobInfo job, CancellationToken cancellation) =>
        new JobWatcher(client, terminal).Watch($"Importing {name}", job, cancellation);

    private async Task<DatasetInfo?> Find(string name, CancellationToken cancellation)
    {
        try
        {
            return await client.Datasets.Get(name, cancellation);
        }
        catch (ComodApiException e) when (e.Code == ErrorCodes.NotFound)
        {
            return null;
        }
    }
}
