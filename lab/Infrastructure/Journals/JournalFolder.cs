namespace ComodCluster.Infrastructure.Journals;

/// <summary>
/// The journals of one reproduction in a folder: the one that this run writes, and those that others left there.
/// </summary>
public sealed class JournalFolder : IDisposable
{
    private const string Ending = ".journal.jsonl";

    private readonly List<Journal> _journals;

    private JournalFolder(List<Journal> journals) => _journals = journals;

    /// <summary>The machines that computed what is there, as far as that is recorded.</summary>
    public IReadOnlyList<string> Machines => [.. _journals.SelectMany(journal => journal.Machines).Distinct()];

    /// <param name="shard">Which part this run computes; null: all that is in no journal.</param>
    /// <exception cref="InvalidDataException">A journal is of other constants or of another version, or it is
    /// damaged.</exception>
    /// <exception cref="IOException">Another run is writing one of them.</exception>
    public static JournalFolder Open(string folder, JournalHead head, Shard? shard)
    {
        var own = Path.Combine(
            folder,
            shard is null ? $"{head.Name}{Ending}" : $"{head.Name}.{shard.Number}-of-{shard.Count}{Ending}"
        );
        var journals = new List<Journal>();
        try
        {
            foreach (var other in Others(folder, head.Name, shard))
                journals.Add(Journal.OpenToRead(other, head));
            journals.Add(Journal.Open(own, head));
            return new(journals);
        }
        catch
        {
            Dispose(journals);
            throw;
        }
    }

    /// <summary>Null where the cell is not done.</summary>
    public JournalEntry? Find(Cell cell) =>
        _journals
            .Select(journal => journal.Entries.GetValueOrDefault(cell.Key))
            .FirstOrDefault(entry => entry is not null);

    /// <summary>To this run's own journal.</summary>
    public void Append(JournalEntry entry) => _journals[^1].Append(entry);

    public void Dispose() => Dispose(_journals);

    private static IEnumerable<string> Others(string folder, string name, Shard? shard)
    {
        var parts = Directory.GetFiles(folder, $"{name}.*-of-*{Ending}").Order(StringComparer.Ordinal);
        if (shard is null)
            return parts;
        // Parts of the same split hold none of this one's cells, and may be being written.
        return parts
            .Where(part => !part.EndsWith($"-of-{shard.Count}{Ending}", StringComparison.Ordinal))
            .Concat(Directory.GetFiles(folder, $"{name}{Ending}"));
    }

    private static void Dispose(List<Journal> journals)
    {
        foreach (var journal in journals)
            journal.Dispose();
    }
}
