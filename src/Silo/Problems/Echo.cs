using System.Text.RegularExpressions;

namespace ComodCluster.Silo.Problems;

/// <summary>What a client sent is told back to it, but only the ends of what is long.</summary>
public static partial class Echo
{
    private const int Kept = 60;

    /// <summary>The sentence with each word or quotation of more than 200 characters cut in its middle.</summary>
    public static string Shortened(string sentence) =>
        Long().Replace(sentence, word => $"{Head(word.ValueSpan)}…{Tail(word.ValueSpan)}");

    // Neither end begins or ends with half a surrogate pair.
    private static ReadOnlySpan<char> Head(ReadOnlySpan<char> word) =>
        char.IsHighSurrogate(word[Kept - 1]) ? word[..(Kept - 1)] : word[..Kept];

    private static ReadOnlySpan<char> Tail(ReadOnlySpan<char> word) =>
        char.IsLowSurrogate(word[^Kept]) ? word[^(Kept - 1)..] : word[^Kept..];

    [GeneratedRegex(@"'[^']{201,}'|\S{201,}")]
    private static partial Regex Long();
}
