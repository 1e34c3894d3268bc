namespace ComodCluster.TestInfrastructure;

/// <summary>Threads of a process; Linux only.</summary>
public static class ProcessThreads
{
    /// <summary>Their names, at most 15 characters each.</summary>
    public static IEnumerable<string> Names(int process) =>
        Directory.EnumerateDirectories($"/proc/{process}/task").Select(Name).OfType<string>();

    /// <summary>Null: it has just ended.</summary>
    private static string? Name(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).TrimEnd();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
