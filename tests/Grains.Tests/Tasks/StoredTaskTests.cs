using ComodCluster.Api.Tasks;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Tasks;

namespace ComodCluster.Grains.Tests.Tasks;

public class StoredTaskTests
{
    [Theory]
    [InlineData(ReadoutMode.Head, 2, 0)]
    [InlineData(ReadoutMode.Own, 2, 2)]
    [InlineData(ReadoutMode.Own, 0, 0)]
    public void Read_ActiveVersionBelowTheBase_IsOneThatCanAnswer(ReadoutMode readout, int latest, int active)
    {
        var stored = CatalogJson.Write(
            new StoredTask
            {
                Info = new TaskInfo
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
                    Readout = readout,
                    ActiveVersion = 0,
                    LatestVersion = latest,
                    Created = DateTimeOffset.UnixEpoch,
                },
                BackboneUid = "b",
                BackboneDigest = "",
                DatasetUid = "d",
                DatasetDigest = "",
                Labels = [0, 1],
                HeadRows = [],
                Attributes = false,
            }
        );
        Assert.Contains("\"activeVersion\":0", stored, StringComparison.Ordinal);
        var read = CatalogJson.Read<StoredTask>(
            stored.Replace("\"activeVersion\":0", "\"activeVersion\":-1", StringComparison.Ordinal),
            FormatRange.First
        );
        Assert.Equal(active, read.Info.ActiveVersion);
    }
}
