using ComodCluster.Lab.Chaos.Histories;

namespace ComodCluster.Lab.Tests.Chaos;

public class LinearOrderTests
{
    [Theory]
    [InlineData(
        "one after another",
        "adapt a 0 1, end a1 0 2, active 1 3 4, activate 0 5 6, active 0 7 8, count 1 9 10"
    )]
    [InlineData("a read beside an activation may see either", "A1, activate 0 5 9, active 1 6 7, active 0 7 8")]
    [InlineData("without an answer, never happened", "A1, activate 0 5 -, active 1 6 7, active 1 8 9")]
    [InlineData("without an answer, happened late", "A1, activate 0 5 -, active 1 6 7, active 0 8 9")]
    [InlineData(
        "asked twice, once late",
        "A1, activate 0 5 -, activate 0 6 7, activate 1 8 9, active 1 9 10, active 0 11 12"
    )]
    [InlineData("what was activated meanwhile stays", "A1, adapt b 5 6, activate 0 6 7, end b2 5 9, active 0 10 11")]
    [InlineData("accepted without an answer", "adapt a 0 -, end a1 0 2, active 1 3 4")]
    [InlineData("a job that failed", "adapt a 0 1, end a0 0 2, adapt b 3 4, end b1 3 5, count 1 6 7")]
    public void Violation_AnOrderExists_IsNull(string why, string history) =>
        Assert.True(LinearOrder.Violation(Parse(history)) is null, $"{why}: {LinearOrder.Violation(Parse(history))}");

    [Theory]
    [InlineData("a stale read", "A1, activate 0 5 6, active 1 7 8", "answer by version 1 (asked at 7.000")]
    [InlineData("a read that goes back", "A1, activate 0 5 9, active 0 6 7, active 1 7.5 8", "answer by version 1")]
    [InlineData("a version lost", "A1, count 1 5 6, count 0 7 8", "list of 0 versions")]
    [InlineData("a version of nobody", "A1, count 2 5 6", "list of 2 versions")]
    [InlineData("an acknowledged end undone", "A1, active 0 5 6", "answer by version 0")]
    [InlineData(
        "an activation that a job overrode",
        "A1, activate 0 5 6, adapt b 7 7.5, activate 1 8 9, end b2 7 9.5, active 2 10 11",
        "answer by version 2"
    )]
    [InlineData(
        "happened twice",
        "A1, activate 0 5 -, activate 1 6 7, active 0 8 9, activate 1 9.5 10, active 0 11 12",
        "answer by version 0 (asked at 11.000"
    )]
    [InlineData("two jobs at once", "adapt a 0 1, adapt b 2 3, end a1 4 5, end b2 4 6", "adaptation b")]
    public void Violation_NoOrderExists_NamesTheAnswer(string why, string history, string expected) =>
        Assert.True(
            LinearOrder.Violation(Parse(history))?.Contains(expected, StringComparison.Ordinal) == true,
            $"{why}: {LinearOrder.Violation(Parse(history))}"
        );

    /// <summary>Sixty activations without an answer: the search tries few of their 2^60 subsets.</summary>
    [Fact]
    public void Violation_ManyUnanswered_EndsSoon()
    {
        var many = Enumerable.Range(0, 60).Select(i => new TaskOperation(TaskVerb.Activate, i % 2, 5 + i * 0.01, null));
        var reads = Enumerable
            .Range(0, 40)
            .Select(i => new TaskOperation(TaskVerb.ReadActive, i % 2, 10 + i, 10.5 + i));

        Assert.Null(LinearOrder.Violation([.. Parse("A1"), .. many, .. reads]));
    }

    /// <summary>VERB ARGUMENT ASKED HEARD, with - for no answer; A1 is a task with one version, at 4 seconds.</summary>
    private static IEnumerable<TaskOperation> Parse(string history) =>
        history.Replace("A1", "adapt a 0 1, end a1 0 2").Split(", ").Select(text => Operation(text.Split(' ')));

    private static TaskOperation Operation(string[] words)
    {
        var (asked, heard) = (double.Parse(words[2]), words[3] == "-" ? (double?)null : double.Parse(words[3]));
        return words[0] switch
        {
            "adapt" => new(TaskVerb.Adapt, null, asked, heard, words[1]),
            "end" => new(TaskVerb.End, int.Parse(words[1][1..]), asked, heard, words[1][..1]),
            "activate" => new(TaskVerb.Activate, int.Parse(words[1]), asked, heard),
            "active" => new(TaskVerb.ReadActive, int.Parse(words[1]), asked, heard),
            _ => new(TaskVerb.ReadCount, int.Parse(words[1]), asked, heard),
        };
    }
}
