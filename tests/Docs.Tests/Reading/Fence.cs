namespace ComodCluster.Docs.Tests.Reading;

/// <summary>
/// A fenced block of a document. Its info string is a language and, where commands do not run, a reason.
/// </summary>
/// <param name="Document">Path below the repository's root, with slashes.</param>
/// <param name="Line">Line of the opening fence, from 1.</param>
/// <param name="Info"><c>sh</c>, <c>sh not run: needs PostgreSQL</c>, <c>csharp</c>, ...</param>
internal sealed record Fence(string Document, int Line, string Info, IReadOnlyList<string> Lines)
{
    private const string NotRun = "not run:";

    public string Place => $"{Document}:{Line}";

    public string Language => Info.Split(' ', 2)[0];

    /// <summary>What the author wrote after the language.</summary>
    public string Mark => Info[Language.Length..].Trim();

    public bool IsCommands => Language == "sh";

    public bool Runs => IsCommands && Mark.Length == 0;

    /// <summary>Why its commands do not run; null where they do, or where the mark is none.</summary>
    public string? Reason => Mark.StartsWith(NotRun, StringComparison.Ordinal) ? Mark[NotRun.Length..].Trim() : null;

    public string Text => string.Join('\n', Lines);
}
