using System.Text.Json;
using ComodCluster.Api.Tasks;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Tasks;

namespace ComodCluster.Grains.Tests.Tasks;

/// <summary>Versions of earlier builds by the names of this one.</summary>
public class StoredVersionTests
{
    [Theory]
    [InlineData(Method.Readout, ReadoutMode.Own, false, Method.ReadoutPenultimate)]
    [InlineData(Method.Readout, ReadoutMode.Own, true, Method.Readout)]
    [InlineData(Method.Readout, ReadoutMode.Head, false, Method.Readout)]
    [InlineData(Method.Gain, ReadoutMode.Own, false, Method.Gain)]
    public void Of_AReadoutWithoutAPlace_IsShownAsWhatItIsNow(
        Method stored,
        ReadoutMode mode,
        bool placed,
        Method shown
    )
    {
        var version = new StoredVersion(
            new VersionInfo
            {
                Version = 2,
                Phase = VersionPhase.Ready,
                Active = false,
                Method = stored,
                Seed = 0,
                Job = "job",
                Examples = 10,
                Steps = 0,
                TrainedParameters = 6,
                Seconds = 1,
                StateBytes = 100,
                Digest = "",
                BackboneDigest = "",
                Profile = "",
                Metrics = new VersionMetrics(),
                Created = DateTimeOffset.UnixEpoch,
                Readout = placed
                    ? new ReadoutChoice
                    {
                        Place = "means",
                        Kind = ReadoutKind.Lda,
                        Reason = "",
                        Folds = 5,
                        Candidates = [],
                    }
                    : null,
            },
            []
        );
        var task = new TaskInfo
        {
            Uid = "uid",
            Spec = new TaskSpec
            {
                Name = "task",
                Backbone = "backbone",
                Dataset = "dataset",
            },
            Phase = TaskPhase.Ready,
            Classes = ["a", "b"],
            Readout = mode,
            ActiveVersion = 2,
            LatestVersion = 2,
            Created = DateTimeOffset.UnixEpoch,
        };

        var info = JsonSerializer
            .Deserialize<StoredVersion>(JsonSerializer.Serialize(version, CatalogJson.Options), CatalogJson.Options)!
            .Of(task);

        Assert.Equal((shown, true), (info.Method, info.Active));
    }
}
