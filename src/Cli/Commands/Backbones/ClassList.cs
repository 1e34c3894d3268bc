namespace ComodCluster.Cli.Commands.Backbones;

/// <summary>Names of a head's rows.</summary>
internal static class ClassList
{
    /// <param name="list">With commas between the names; null: none are given.</param>
    public static string[]? Split(string? list) =>
        list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <param name="file">A name on each line; empty lines mean nothing.</param>
    /// <exception cref="UsageException">It has none, or one with a comma.</exception>
    public static async Task<string[]> Read(FileInfo file, CancellationToken cancellation)
    {
        string[] classes =
        [
            .. (await File.ReadAllLinesAsync(file.FullName, cancellation))
                .Select(line => line.Trim())
                .Where(line => line.Length > 0),
        ];
        if (classes.FirstOrDefault(one => one.Contains(',')) is { } bad)
            throw new UsageException($"Class '{bad}' has a comma, which separates classes: write it without.");
        return classes.Length > 0
            ? classes
            : throw new UsageException($"The file {file} is empty: write a class on each line, or leave it out.");
    }
}
