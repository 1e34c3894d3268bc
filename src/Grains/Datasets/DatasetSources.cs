using ComodCluster.Api;
using ComodCluster.Api.Datasets;
using ComodCluster.Contracts;
using ComodCluster.Engine.Data.Clutter;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Scenes;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Datasets;

/// <summary>Where images come from: sees to it before a job begins, and opens it in the job.</summary>
public sealed class DatasetSources(CatalogDatabase catalog, BlobStore blobs)
{
    // Seeds of scenes that canvases show. Backbones are trained on another one.
    private const ulong SceneSeed = 1;

    /// <exception cref="ComodException">request-invalid, not-found, not-ready.</exception>
    /// <exception cref="Engine.InputException"><c>clutter-invalid</c>, <c>class-unknown</c>.</exception>
    public async Task Check(TenantName tenant, DatasetSource source, CancellationToken cancellation)
    {
        switch (source.Kind)
        {
            case DatasetSourceKind.Upload:
                if (source.Blob is null)
                    throw ComodException.Invalid(
                        ErrorCodes.RequestInvalid,
                        "An upload needs an archive; send one in the body."
                    );
                source.Options().Check();
                break;
            case DatasetSourceKind.Scenes:
                _ = CanvasOf(source, new SceneObjects(SceneSeed));
                break;
            case DatasetSourceKind.Clutter:
                _ = ClutterOf(source);
                await Find(tenant, FromOf(source), cancellation).ConfigureAwait(false);
                break;
            default:
                throw ComodException.Invalid(
                    ErrorCodes.RequestInvalid,
                    "The source has an unknown kind; choose upload, scenes or clutter."
                );
        }
    }

    /// <summary>Canvases of the built-in scenes.</summary>
    internal static ClutterCanvases CanvasOf(DatasetSource source, IObjectSource objects) =>
        new(ClutterOf(source), objects);

    internal static SceneObjects Scenes() => new(SceneSeed);

    /// <summary>The pack of an imported data set.</summary>
    /// <exception cref="ComodException">not-found, not-ready, blob-damaged.</exception>
    public async Task<DatasetPack> Open(TenantName tenant, string name, CancellationToken cancellation) =>
        await blobs
            .OpenPack(
                tenant,
                (await Find(tenant, name, cancellation).ConfigureAwait(false)).Digest!,
                name,
                cancellation
            )
            .ConfigureAwait(false);

    internal static string FromOf(DatasetSource source) =>
        source.From
        ?? throw ComodException.Invalid(
            ErrorCodes.RequestInvalid,
            "Clutter is composed from the images of a data set; name it in 'from'."
        );

    private static ClutterSpec ClutterOf(DatasetSource source)
    {
        var canvas =
            source.Canvas
            ?? throw ComodException.Invalid(
                ErrorCodes.RequestInvalid,
                "Canvases need classes and a station; describe them in 'canvas'."
            );
        return new ClutterSpec(
            canvas.Classes,
            canvas.Station,
            canvas.Train,
            canvas.Test,
            (ulong)(uint)canvas.Seed
        ).Validated();
    }

    private async Task<DatasetInfo> Find(TenantName tenant, string name, CancellationToken cancellation)
    {
        var row =
            await catalog
                .Read(
                    (rows, stop) => rows.Alive(ObjectKind.Dataset, tenant, name).SingleOrDefaultAsync(stop),
                    cancellation
                )
                .ConfigureAwait(false)
            ?? throw ComodException.NotFound("dataset", name);
        var info = CatalogJson.Read<DatasetInfo>(row.Payload, row.Schema);
        return info.Phase == DatasetPhase.Ready
            ? info
            : throw ComodException.Conflict(
                ErrorCodes.NotReady,
                $"The data set '{name}' is {CatalogJson.Name(info.Phase)}, not ready; see its job '{info.Job}'."
            );
    }
}
