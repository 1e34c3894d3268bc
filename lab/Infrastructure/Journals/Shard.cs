using System.Globalization;

namespace ComodCluster.Infrastructure.Journals;

/// <summary>
/// The part of a reproduction that one of several processes or machines computes: every Count-th cell, so that parts of
/// one split never overlap.
/// </summary>
/// <param name="Number">1 to <paramref name="Count"/>.</param>
public sealed record Shard(int Number, int Count)
{
    /// <param name="text">As 2/8.</param>
    /// <exception cref="FormatException">It is no part.</exception>
    public static Shard Parse(string text)
    {
        var parts = text.Split('/');
        return
            parts.Length == 2
            && Number(parts[0], out var number)
            && Number(parts[1], out var count)
            && number >= 1
            && number <= count
            ? new(number, count)
            : throw new FormatException($"'{text}' is no part: give --shard I/N with I from 1 to N, such as 2/8.");

        static bool Number(string part, out int value) =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <param name="index">Place of a cell among all of the reproduction, from 0.</param>
    public bool Holds(int index) => index % Count == Number - 1;

    public override string ToString() => $"{Number}/{Count}";
}
