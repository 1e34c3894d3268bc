using ComodCluster.Api;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Commands.Demo;

namespace ComodCluster.Cli.Tests.Demo;

public class DemoTasksTests
{
    private static readonly string[] s_cifar =
    [
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ];

    [Fact]
    public void Choose_Cifar_StartsWithTheFourOfThePrototype()
    {
        var tasks = DemoTasks.Choose(s_cifar, 8).Take(4).Select(task => (task.Title, task.Station));
        Assert.Equal(
            [("airplane or cat", 4), ("automobile or frog", 0), ("ship or truck", 2), ("horse or bird", 8)],
            tasks
        );
    }

    [Fact]
    public void Choose_UnsortedClasses_GivesTheSameTasks() =>
        Assert.Equal(
            DemoTasks.Choose(s_cifar, 8).Select(task => task.Name),
            DemoTasks.Choose([.. s_cifar.Reverse()], 8).Select(task => task.Name)
        );

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void Choose_AnyNumberOfClasses_GivesDistinctNamesThatTheApiTakes(int classes)
    {
        var tasks = DemoTasks.Choose([.. Enumerable.Range(0, classes).Select(i => $"{i} Größe/{i}")], DemoTasks.Most);
        Assert.Equal(DemoTasks.Most, tasks.Select(task => task.Name).Distinct().Count());
        Assert.All(
            tasks,
            task =>
            {
                Assert.True(ObjectNames.IsValid(task.Name), task.Name);
                Assert.NotEqual(task.Classes[0], task.Classes[1]);
                Assert.InRange(task.Station, 0, 8);
            }
        );
    }

    [Fact]
    public void Choose_OneClass_IsRefused() => Assert.Throws<UsageException>(() => DemoTasks.Choose(["only"], 8));
}
