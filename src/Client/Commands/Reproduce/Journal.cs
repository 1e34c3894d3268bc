using System.Text;
using System.Text.Json;

namespace ComodCluster.Client.Commands.Reproduce;

/// <summary>Whose cells a journal holds.</summary>
internal sealed record JournalHead(string Name, string Version, IReadOnlyList<Constant> Constants);

/// <summary>A cell that is done.</summary>
internal sealed record JournalEntry(string Cell, double Seconds, IReadOnlyList<Observation> Observations);

/// <summary>
/// The finished cells of a run, one line each, appended as they end: what is there once is never computed again.
/// The file is open to one process at a time.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly FileStream _file;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JournalEntry> _entries = [];

    private Journal(FileStream file) => _file = file;

    public IReadOnlyDictionary<string, JournalEntry> Entries => _entries;

    /// <summary>Opens the journal at a path, or begins one. What a killed process left of its last line is dropped; that cell is computed again.</summary>
    /// <exception cref="UsageException">It is of other constants or of another version, or it is damaged.</exception>
    /// <exception cref="IOException">Another process has it open.</exception>
    public static Journal Open(string path, JournalHead head)
    {
        var journal = new Journal(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        try
        {
            journal.Read(path, head);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    public void Append(JournalEntry entry)
    {
        lock (_gate)
        {
            Write(entry);
            _entries.Add(entry.Cell, entry);
        }
    }

    public void Dispose() => _file.Dispose();

    private void Read(string path, JournalHead head)
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _file.SetLength(whole);
        _file.Position = whole;
        var lines = Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            Write(head);
            return;
        }
        Compare(path, Parse<JournalHead>(path, lines, 0), head);
        for (var i = 1; i < lines.Length; i++)
        {
            var entry = Parse<JournalEntry>(path, lines, i);
            _entries[entry.Cell] = entry;
        }
    }

    private static T Parse<T>(string path, string[] lines, int index)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(lines[index]) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new UsageException($"Line {index + 1} of the journal {path} cannot be read: remove the file to begin anew.");
        }
    }

    private static void Compare(string path, JournalHead there, JournalHead here)
    {
        var fix = "remove it to begin anew, or give another folder with --results.";
        if (there.Name != here.Name) throw new UsageException($"The journal {path} belongs to '{there.Name}': {fix}");
        if (there.Version != here.Version) throw new UsageException($"The journal {path} was begun by version {there.Version}, and this is {here.Version}: {fix}");
        foreach (var name in there.Constants.Concat(here.Constants).Select(constant => constant.Name))
        {
            var (old, now) = (ValueOf(there, name), ValueOf(here, name));
            if (old != now) throw new UsageException($"The journal {path} was begun with another '{name}' ({old ?? "none"}, now {now ?? "none"}): {fix}");
        }
    }

    private static string? ValueOf(JournalHead head, string name) => head.Constants.FirstOrDefault(constant => constant.Name == name)?.Value;

    private void Write<T>(T value)
    {
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(value), (byte)'\n']);
        _file.Flush(flushToDisk: true);
    }
}
