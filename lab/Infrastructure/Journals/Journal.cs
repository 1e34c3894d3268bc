using System.Text;
using System.Text.Json;

namespace ComodCluster.Infrastructure.Journals;

/// <summary>
/// The finished cells of a run, one line each, appended as they end: what is there once is never computed again.
/// The file is open to one process that writes, or to any that read.
/// </summary>
public sealed class Journal : IDisposable
{
    private readonly FileStream _file;
    private readonly Lock _gate = new();
    private readonly JournalHead _head;
    private readonly Dictionary<string, JournalEntry> _entries = [];
    private readonly HashSet<string> _machines = [];
    private string? _machineOfHead;

    private Journal(FileStream file, JournalHead head) => (_file, _head) = (file, head);

    public IReadOnlyDictionary<string, JournalEntry> Entries => _entries;

    /// <summary>The one that began its cells, and this one once it adds some.</summary>
    public IReadOnlyCollection<string> Machines => _machines;

    /// <summary>
    /// Opens the journal at a path, or begins one. What a killed process left of its last line is dropped; that cell is
    /// computed again.
    /// </summary>
    /// <exception cref="InvalidDataException">It is of other constants or of another version, or it is
    /// damaged.</exception>
    /// <exception cref="IOException">Another process has it open.</exception>
    public static Journal Open(string path, JournalHead head) =>
        Open(path, head, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Opens a journal that is there, and leaves it as it is.</summary>
    /// <inheritdoc cref="Open(string, JournalHead)"/>
    public static Journal OpenToRead(string path, JournalHead head) =>
        Open(path, head, FileMode.Open, FileAccess.Read, FileShare.Read);

    private static Journal Open(string path, JournalHead head, FileMode mode, FileAccess access, FileShare share)
    {
        var journal = new Journal(OpenFile(path, mode, access, share), head);
        try
        {
            journal.Read(path);
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
            Write(_head.Machine == _machineOfHead ? entry : entry with { Machine = _head.Machine });
            _entries.Add(entry.Cell, entry);
            if (_head.Machine is { } machine)
                _machines.Add(machine);
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileStream OpenFile(string path, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(path, mode, access, share);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new IOException($"The journal {path} is in use by another run: try again when that has ended.", e);
        }
    }

    private void Read(string path)
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var lines = Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var there = lines.Length == 0 ? null : Parse<JournalHead>(path, lines, 0);
        if (there is not null)
            Compare(path, there, _head);
        if (_file.CanWrite)
        {
            // Without cells it may have been begun on another machine.
            _file.SetLength(lines.Length <= 1 ? 0 : whole);
            _file.Seek(0, SeekOrigin.End);
            if (lines.Length <= 1)
                Write(_head);
        }
        _machineOfHead = lines.Length > 1 ? there?.Machine : _head.Machine;
        if (lines.Length > 1 && _machineOfHead is { } machine)
            _machines.Add(machine);
        for (var i = 1; i < lines.Length; i++)
        {
            var entry = Parse<JournalEntry>(path, lines, i);
            _entries[entry.Cell] = entry;
            if (entry.Machine is { } other)
                _machines.Add(other);
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
            throw new InvalidDataException(
                $"Line {index + 1} of the journal {path} cannot be read: remove the file to begin anew."
            );
        }
    }

    private static void Compare(string path, JournalHead there, JournalHead here)
    {
        var fix = "remove it to begin anew, or give another folder with --results.";
        if (there.Name != here.Name)
            throw new InvalidDataException($"The journal {path} belongs to '{there.Name}': {fix}");
        if (there.Version != here.Version)
            throw new InvalidDataException(
                $"The journal {path} was begun by version {there.Version}, and this is {here.Version}: {fix}"
            );
        Constant[] all = [.. there.Constants, .. here.Constants];
        foreach (
            var name in all.Select(constant => constant.Name)
                .Except(all.Where(constant => constant.NamesCells).Select(constant => constant.Name))
        )
        {
            var (old, now) = (ValueOf(there, name), ValueOf(here, name));
            if (old != now)
                throw new InvalidDataException(
                    $"The journal {path} was begun with another '{name}' ({old ?? "none"}, now {now ?? "none"}): {fix}"
                );
        }
    }

    private static string? ValueOf(JournalHead head, string name) =>
        head.Constants.FirstOrDefault(constant => constant.Name == name)?.Value;

    private void Write<T>(T value)
    {
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(value), (byte)'\n']);
        _file.Flush(flushToDisk: true);
    }
}
