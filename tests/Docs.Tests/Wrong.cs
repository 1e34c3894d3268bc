namespace ComodCluster.Docs.Tests;

internal static class Wrong
{
    /// <summary>Fails with all that is wrong, each with its document and line.</summary>
    public static void None(IEnumerable<string> wrong)
    {
        string[] all = [.. wrong];
        Assert.True(all.Length == 0, $"Correct these in the documents:\n{string.Join('\n', all)}");
    }
}
