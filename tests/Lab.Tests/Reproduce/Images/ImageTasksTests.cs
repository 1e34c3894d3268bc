using ComodCluster.Lab.Reproduce.Images;

namespace ComodCluster.Lab.Tests.Reproduce.Images;

public class ImageTasksTests
{
    private static readonly HashSet<(int, int)> s_tuning = [.. ImageTasks.Tuning(own: true).Select(PairOf)];

    [Theory, InlineData(true), InlineData(false)]
    public void Reported_TwentyTasks_ShareNoPairOfClassesWithTheTuningTasks(bool own)
    {
        var reported = ImageTasks.Reported(own, 20);
        Assert.Equal(20, reported.Count);
        Assert.Distinct(reported.Select(PairOf));
        Assert.All(reported, task => Assert.DoesNotContain(PairOf(task), s_tuning));
        Assert.All(
            reported.SelectMany(task => task.Classes),
            number => Assert.InRange(number, 0, ImageTasks.Classes - 1)
        );
        Assert.Equal(9, reported.Select(task => task.Station).Distinct().Count());
        Assert.Equal(ImageTasks.Classes, reported.SelectMany(task => task.Classes).Distinct().Count());
    }

    [Fact]
    public void CoarseToFine_OwnImages_TellApartWhatTheBackboneKnowsAsOne()
    {
        var tasks = ImageTasks.CoarseToFine(own: true);
        Assert.Equal(3, tasks.Select(task => task.Backbone).Distinct().Count());
        Assert.All(tasks, task => Assert.DoesNotContain(PairOf(task), s_tuning));
        Assert.All(
            tasks,
            task => Assert.Contains(Pretraining.ClassesOf(task.Backbone), known => task.Classes.All(known.Contains))
        );
    }

    [Fact]
    public void OwnClasses_MoreThanTheImagesHave_AreTheImagesTwice()
    {
        var task = Assert.Single(ImageTasks.OwnClasses(own: true, 2 * ImageTasks.Classes, 0)).Value;
        Assert.True(task.Turned);
        Assert.Equal(2 * ImageTasks.Classes, task.Classes.Count);
        Assert.Empty(ImageTasks.OwnClasses(own: false, 2 * ImageTasks.Classes, 0));
    }

    [Fact]
    public void AttributesAndOwnClasses_OwnImages_AreOfClassesThatTheBackboneNeverSaw()
    {
        var seen = Pretraining.ClassesOf(Pretraining.Half).SelectMany(known => known).ToArray();
        Assert.All(
            ImageTasks.Attributes(own: true),
            task =>
            {
                Assert.Equal(Pretraining.Half, task.Backbone);
                Assert.Empty(task.Classes.Intersect(seen));
                Assert.Subset(task.Classes.ToHashSet(), task.Having!.ToHashSet());
                Assert.NotEqual(task.Classes.Count, task.Having!.Count);
            }
        );
        Assert.Empty(ImageTasks.OwnClasses(own: true, 5, 0)["unseen classes in clutter"].Classes.Intersect(seen));
    }

    private static (int, int) PairOf(ImageTask task) => (task.Classes.Min(), task.Classes.Max());
}
