namespace ComodCluster.Engine;

/// <summary>What a caller gave cannot be used. The message is one sentence that names the cause and the fix.</summary>
/// <param name="code">Stable, lower-case, hyphenated: part of the public API (<c>image-unreadable</c>,
/// <c>archive-path</c>, ...).</param>
/// <param name="message">Cause and fix, without a stack trace or a path of the server.</param>
/// <param name="inner">The failure underneath, if there is one; for logs only.</param>
public sealed class InputException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;

    /// <summary>All that cannot be used of inputs that were given together, in their order; code and message are the
    /// first one's. Empty elsewhere.</summary>
    public IReadOnlyList<ItemFault> Items { get; private init; } = [];

    /// <param name="faults">One or more.</param>
    public static InputException Of(IReadOnlyList<ItemFault> faults) =>
        new(faults[0].Code, faults[0].Message) { Items = faults };
}
