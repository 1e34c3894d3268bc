namespace ComodCluster.Engine;

/// <summary>What a caller gave cannot be used. The message is one sentence that names the cause and the fix.</summary>
/// <param name="code">Stable, lower-case, hyphenated: part of the public API (<c>image-unreadable</c>,
/// <c>archive-path</c>, ...).</param>
/// <param name="message">Cause and fix, without a stack trace or a path of the server.</param>
/// <param name="inner">The failure underneath, if there is one; for logs only.</param>
public sealed class InputException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
