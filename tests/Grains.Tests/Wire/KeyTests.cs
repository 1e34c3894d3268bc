using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Contracts.Planning;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Tests.Storage.Catalog;

namespace ComodCluster.Grains.Tests.Wire;

/// <summary>
/// Keys of grains are known to every build and to schedulers inside the network: their text never changes.
/// </summary>
public class KeyTests
{
    [Fact]
    public void Keys_AsText_AreTheseForever()
    {
        Assert.Equal("task:01a", new ObjectKey(ObjectKind.Task, "01a").ToString());
        Assert.Equal("dataset:01a", new ObjectKey(ObjectKind.Dataset, "01a").ToString());
        Assert.Equal("backbone:01a", new ObjectKey(ObjectKind.Backbone, "01a").ToString());
        Assert.Equal("job:default/night-1", new JobKey(TenantName.Default, "night-1").ToString());
        Assert.Equal("plan:default/scenes/parts", new PlanKey(new(TenantName.Default, "scenes", "parts")).ToString());
    }

    [Fact]
    public void Keys_Parsed_AreThemselves()
    {
        var (task, job) = (ObjectKey.New(ObjectKind.Task, TimeProvider.System), new JobKey(new("acme"), "night-1"));

        Assert.Equal(task, ObjectKey.Parse(task.ToString()));
        Assert.Equal(job, JobKey.Parse(job.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":uid")]
    [InlineData("uid")]
    public void ObjectKey_ThatIsNone_IsRefused(string key) =>
        Assert.Throws<FormatException>(() => ObjectKey.Parse(key));

    [Theory]
    [InlineData("job:default")]
    [InlineData("task:default/id")]
    public void JobKey_ThatIsNone_IsRefused(string key) => Assert.Throws<FormatException>(() => JobKey.Parse(key));

    [Fact]
    public void TenantName_OfNobody_IsEmptyText()
    {
        Assert.Equal(TenantName.None, new TenantName(""));
        Assert.Equal(("", "default"), (TenantName.None.ToString(), TenantName.Default.ToString()));
    }

    [Fact]
    public void JobSpec_Stored_HasNoMemberForItsKey() =>
        Assert.DoesNotContain("\"key\"", CatalogJson.Write(TestCatalog.Job("one")), StringComparison.OrdinalIgnoreCase);
}
