using ComodCluster.Cli.Commands;

namespace ComodCluster.Cli.Tests.Commands;

public class AdviceTests
{
    [Theory]
    [InlineData("list what there is with GET /v1/tasks.", "list what there is with 'comod task list'.")]
    [InlineData("GET /v1/datasets.", "'comod data list'.")]
    [InlineData("GET /v1/backbones.", "'comod backbone list'.")]
    [InlineData("GET /v1/jobs.", "'comod job list'.")]
    [InlineData("GET /v1/workers.", "'comod silo list'.")]
    [InlineData("GET /v1/jobs/a-1.", "'comod job show a-1'.")]
    [InlineData("GET /v1/tasks/t/versions.", "'comod task versions t'.")]
    [InlineData("POST /v1/tasks/t/adapt.", "'comod task adapt t'.")]
    [InlineData("POST /v1/jobs/a-1/cancel;", "'comod job cancel a-1';")]
    [InlineData("DELETE /v1/datasets/d.", "'comod data delete d'.")]
    [InlineData("An archive is uploaded with PUT /v1/datasets/d;", "An archive is uploaded with 'comod data upload';")]
    [InlineData("PUT /v1/backbones/b.", "'comod backbone register b'.")]
    [InlineData("POST /v1/workers/w/drain.", "'comod silo drain w'.")]
    [InlineData("POST /v1/plan.", "'comod plan'.")]
    [InlineData("GET /v1/cluster.", "GET /v1/cluster.")]
    [InlineData("GET /v1/tasks/t/versions/3/maps.", "GET /v1/tasks/t/versions/3/maps.")]
    [InlineData("send it again with the right encoding, or", "upload it again with --encoding NAME, or")]
    [InlineData("or skip what is unreadable.", "or upload it again with --skip-unreadable.")]
    public void OfCommands_Route_IsTheCommandThatDoesTheSame(string sentence, string expected) =>
        Assert.Equal(expected, Advice.OfCommands(sentence));

    /// <summary>No command of the table is missing.</summary>
    [Theory]
    [InlineData("task versions t")]
    [InlineData("task adapt t")]
    [InlineData("job cancel j")]
    [InlineData("silo drain w")]
    [InlineData("job show j")]
    [InlineData("data list")]
    public void Commands_OfTheAdvice_AreThere(string line) =>
        Assert.Empty(ComodRoot.Create(SilentTerminal.Of(out _)).Parse(line).Errors);
}
