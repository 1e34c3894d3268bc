using System.IO.Compression;
using ComodCluster.Api.Datasets;
using ComodCluster.Cli.Commands;
using ComodCluster.Lab.Photos;
using ComodCluster.Lab.Reproduce.Images;

namespace ComodCluster.Lab.Reproduce.Photos;

/// <summary>The silo of tasks on photos: each domain is a data set, its tasks are of some of its classes.</summary>
/// <param name="archives">Folder of the domains' archives; null: only the scenes are there.</param>
/// <param name="check">Whether archives must be those of the recipes.</param>
internal sealed class PhotoSilo(DirectoryInfo? archives, bool check) : StudySilo
{
    private const int SceneTrain = 40,
        SceneTest = 20;

    /// <param name="seed">Draws the examples.</param>
    /// <exception cref="UsageException">The domain's archive is not there, or another one.</exception>
    public async Task<TrialResult> Adapt(
        string backbone,
        PhotoTask task,
        Trial trial,
        int seed,
        CancellationToken cancellation
    )
    {
        await Once(task.DomainName, stop => Import(task, stop), cancellation);
        return await Adapt(
            name =>
                new()
                {
                    Name = name,
                    Backbone = backbone,
                    Dataset = task.DomainName,
                    Classes = task.Classes,
                    Options = trial.Options,
                },
            trial,
            seed,
            cancellation
        );
    }

    private async Task Import(PhotoTask task, CancellationToken cancellation)
    {
        if (task.Domain is { } domain)
        {
            var file = FileOf(domain);
            await Started(cancellation);
            await Done(
                await Client.Datasets.Upload(domain.Name, file.OpenRead, cancellation: cancellation),
                cancellation
            );
            return;
        }
        await Started(cancellation);
        await Done(
            await Client.Datasets.Create(
                new()
                {
                    Name = task.DomainName,
                    Source = new()
                    {
                        Kind = DatasetSourceKind.Scenes,
                        Canvas = new()
                        {
                            Classes = task.Classes,
                            Station = 4,
                            Train = SceneTrain,
                            Test = SceneTest,
                        },
                    },
                },
                cancellation
            ),
            cancellation
        );
    }

    private FileInfo FileOf(PhotoDomain domain)
    {
        if (archives is null)
            throw new UsageException(
                "The photos are not part of the repository: give --photos a folder with the archives that "
                    + "'photos prepare' writes."
            );
        var file = new FileInfo(Path.Combine(archives.FullName, domain.File));
        if (!file.Exists)
            throw new UsageException(
                $"There is no {domain.File} in {archives.FullName}: {PhotoList.CheckOut(domain)}, then run "
                    + $"'{LabRoot.Name} photos prepare {domain.Name} CLONE --out {domain.File}'."
            );
        if (check && DigestOf(file) != domain.Digest)
            throw new UsageException(
                $"{file.FullName} is not the archive of the recipe: make it anew with 'photos prepare'."
            );
        return file;
    }

    /// <summary>The names are the photos' digests.</summary>
    private static string DigestOf(FileInfo file)
    {
        using var zip = ZipFile.OpenRead(file.FullName);
        return Digests.Of(zip.Entries.Select(entry => entry.FullName));
    }
}
