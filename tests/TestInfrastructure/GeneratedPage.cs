namespace ComodCluster.TestInfrastructure;

/// <summary>A page below docs/ that is made from the code.</summary>
public static class GeneratedPage
{
    private const string Switch = "COMOD_WRITE_DOCS";

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// Compares the page with the text. With <c>COMOD_WRITE_DOCS=1</c> in the environment it is written first.
    /// </summary>
    /// <param name="name">File name below docs/.</param>
    /// <exception cref="InvalidOperationException">It has another text, or is missing.</exception>
    public static async Task Check(string name, string text)
    {
        var path = Path.Combine(Root, "docs", name);
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            await File.WriteAllTextAsync(path, text);
        if (!File.Exists(path) || text != (await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n"))
            throw new InvalidOperationException(
                $"docs/{name} is not what the code says: run this test once more with {Switch}=1 in the "
                    + $"environment, which writes the page, and commit it."
            );
    }

    private static string FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "ComodCluster.sln")))
            at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("The tests run from inside the repository.");
    }
}
