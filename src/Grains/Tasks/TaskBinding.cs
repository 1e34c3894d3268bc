using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Datasets;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Engine.Tasks;
using ComodCluster.Grains.Backbones;
using ComodCluster.Grains.Backbones.BuiltIn;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;
using ReadoutMode = ComodCluster.Api.Tasks.ReadoutMode;

namespace ComodCluster.Grains.Tasks;

/// <summary>Finds what a task names and sees that it fits together.</summary>
public sealed class TaskBinding(
    CatalogDatabase catalog,
    BackboneResidency backbones,
    BuiltInBackbones builtIn,
    BlobStore blobs
)
{
    /// <summary>The record of a new task.</summary>
    /// <exception cref="ComodException">not-found, not-ready (409), blob-damaged, settings-removed (400).</exception>
    /// <exception cref="Engine.InputException">Settings, classes or images do not fit.</exception>
    public async Task<StoredTask> Bind(
        string uid,
        TenantName tenant,
        TaskSpec spec,
        DateTimeOffset created,
        CancellationToken cancellation
    )
    {
        RemovedSettings.RefuseIn(spec.Options);
        var (backboneRow, datasetRow) = (
            await FindBackbone(tenant, spec.Backbone, cancellation).ConfigureAwait(false),
            await Find(ObjectKind.Dataset, tenant, spec.Dataset, cancellation).ConfigureAwait(false)
                ?? throw ComodException.NotFound(ObjectKind.Dataset.Name, spec.Dataset)
        );
        var backbone = CatalogJson.Read<BackboneInfo>(backboneRow.Payload, backboneRow.Schema);
        var dataset = CatalogJson.Read<DatasetInfo>(datasetRow.Payload, datasetRow.Schema);
        if (backbone is not { Phase: BackbonePhase.Ready, Digest: { } backboneDigest })
            throw NotReady("backbone", backbone.Name, CatalogJson.Name(backbone.Phase), backbone.Job);
        if (dataset is not { Phase: DatasetPhase.Ready, Digest: { } datasetDigest })
            throw NotReady("data set", dataset.Name, CatalogJson.Name(dataset.Phase), dataset.Job);
        var resident = await backbones.Ensure(tenant, backboneDigest, cancellation).ConfigureAwait(false);
        using var pack = await blobs.OpenPack(tenant, datasetDigest, dataset.Name, cancellation).ConfigureAwait(false);
        var definition = TaskDefinition.Resolve(
            resident.Spec with
            {
                Classes = backbone.Classes,
            },
            pack.Manifest,
            spec.Classes,
            spec.Readout?.To<Engine.Tasks.ReadoutMode>()
        );
        var form = DefaultForm.Of(resident.Spec, definition.Mode, spec.Options?.Cut);
        var settings = TrialSettings.Of(spec.Options, null, ComodCluster.Api.Tasks.Method.Comodulation, 0, form);
        _ = TaskLayers.Modulated(resident.Spec, settings);
        return new StoredTask
        {
            Info = new TaskInfo
            {
                Uid = uid,
                Spec = spec,
                Phase = TaskPhase.Registered,
                Classes = definition.Classes,
                Readout = definition.Mode.To<ReadoutMode>(),
                ActiveVersion = 0,
                LatestVersion = 0,
                Created = created,
            },
            BackboneUid = backboneRow.Uid,
            BackboneDigest = backboneDigest,
            DatasetUid = datasetRow.Uid,
            DatasetDigest = datasetDigest,
            Labels = definition.Labels,
            HeadRows = definition.HeadRows,
            Attributes = definition.Loss == LossKind.Attributes,
            Cut = form.Cut,
            Also = form.Also,
            GainForm = form.GainForm,
        };
    }

    /// <summary>Names of the rows of a backbone's head, in order.</summary>
    /// <exception cref="ComodException">not-found.</exception>
    public async Task<IReadOnlyList<string>> HeadClasses(
        TenantName tenant,
        string backbone,
        CancellationToken cancellation
    )
    {
        var row = await FindBackbone(tenant, backbone, cancellation).ConfigureAwait(false);
        return CatalogJson.Read<BackboneInfo>(row.Payload, row.Schema).Classes;
    }

    /// <summary>A built-in one is registered when the first task names it.</summary>
    private async Task<ObjectRow> FindBackbone(TenantName tenant, string name, CancellationToken cancellation)
    {
        var row = await Find(ObjectKind.Backbone, tenant, name, cancellation).ConfigureAwait(false);
        if (row is null && await builtIn.Register(tenant, name, cancellation).ConfigureAwait(false) is not null)
            row = await Find(ObjectKind.Backbone, tenant, name, cancellation).ConfigureAwait(false);
        return row ?? throw BuiltInBackbones.NotFound(name);
    }

    private Task<ObjectRow?> Find(ObjectKind kind, TenantName tenant, string name, CancellationToken cancellation) =>
        catalog.Read((rows, stop) => rows.Alive(kind, tenant, name).SingleOrDefaultAsync(stop), cancellation);

    private static ComodException NotReady(string kind, string name, string phase, string? job) =>
        ComodException.Conflict(
            ErrorCodes.NotReady,
            $"The {kind} '{name}' is {phase}, not ready{(job is null ? "" : $"; see its job '{job}'")}."
        );
}
