using ComodCluster.Docs.Tests.Reading;
using ComodCluster.Docs.Tests.Running;

namespace ComodCluster.Docs.Tests;

/// <summary>Every command of a document runs: in order, by the built programs, against a silo of its own.</summary>
public class CommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static TheoryData<string> Runnable =>
        new(Document.All.Where(document => document.Fences.Any(fence => fence.Runs)).Select(document => document.Path));

    [Theory, MemberData(nameof(Runnable))]
    public async Task Commands_OfTheDocument_Succeed(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It runs bash and asks the silo to end by a signal.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var document = Document.Read(path);
        var commands = document.Fences.Where(fence => fence.Runs).SelectMany(ShellLine.Of);
        if (commands.Any(command => command.Words[0] == "curl"))
            Programs.Require("curl");

        await using var desk = await Desk.Open(patience.Token);
        foreach (var fence in document.Fences)
        {
            if (fence.Runs)
                await desk.Run(fence, patience.Token);
            if (fence.Language == "csharp")
                await desk.RunQuickStart(fence, patience.Token);
        }
    }
}
