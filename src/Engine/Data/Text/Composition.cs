using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ComodCluster.Engine.Data.Text;

/// <summary>
/// Text in Unicode's composed form C, so that "käfer" as macOS writes it and as others do is one name. .NET's own
/// normalisation needs the ICU library, which this program does without. Marks are composed in the order in which they
/// stand, which is the canonical one in what file systems write.
/// </summary>
internal static class Composition
{
    // Hangul syllables by arithmetic: The Unicode Standard, section 3.12.
    private const int Syllables = 0xAC00,
        Leads = 0x1100,
        Vowels = 0x1161,
        Tails = 0x11A7,
        LeadCount = 19,
        VowelCount = 21,
        TailCount = 28;

    private static readonly Lazy<(FrozenDictionary<int, Rune> Single, FrozenDictionary<long, Rune> Pairs)> Table = new(
        Load
    );

    /// <summary>The composed text; the same object where nothing is to compose.</summary>
    public static string Compose(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var (single, pairs) = Table.Value;
        var runes = new List<Rune>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var next = single.GetValueOrDefault(rune.Value, rune);
            if (runes.Count > 0 && (Hangul(runes[^1], next) ?? Pair(runes[^1], next)) is { } composed)
                runes[^1] = composed;
            else
                runes.Add(next);
        }
        var result = string.Concat(runes);
        return result == text ? text : result;

        Rune? Pair(Rune first, Rune second) =>
            pairs.TryGetValue(Key(first.Value, second.Value), out var composed) ? composed : null;
    }

    private static Rune? Hangul(Rune first, Rune second)
    {
        int lead = first.Value - Leads,
            vowel = second.Value - Vowels,
            syllable = first.Value - Syllables,
            tail = second.Value - Tails;
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
            return new Rune(Syllables + (lead * VowelCount + vowel) * TailCount);
        return
            syllable is >= 0 and < LeadCount * VowelCount * TailCount
            && syllable % TailCount == 0
            && tail is > 0 and < TailCount
            ? new Rune(first.Value + tail)
            : null;
    }

    private static (FrozenDictionary<int, Rune>, FrozenDictionary<long, Rune>) Load()
    {
        var single = new Dictionary<int, Rune>();
        var pairs = new Dictionary<long, Rune>();
        using var lines = new StreamReader(
            typeof(Composition).Assembly.GetManifestResourceStream("compositions.txt")
                ?? throw new InvalidOperationException("The program lacks its table of compositions; build it again.")
        );
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var codes = line.Split(' ').Select(c => int.Parse(c, NumberStyles.HexNumber, null)).ToArray();
            if (codes.Length == 2)
                single.Add(codes[0], new Rune(codes[1]));
            else
                pairs.Add(Key(codes[0], codes[1]), new Rune(codes[2]));
        }
        return (single.ToFrozenDictionary(), pairs.ToFrozenDictionary());
    }

    private static long Key(int first, int second) => ((long)first << 32) | (uint)second;
}
