using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Archives;

/// <summary>How many files there are of a kind, and which are the first.</summary>
public sealed class NameSample
{
    private const int MaxNames = 10;

    private readonly List<string> _first = [];

    public int Count { get; private set; }

    /// <summary>At most ten, each between quotation marks, with the reason where it has one of its own.</summary>
    public IReadOnlyList<string> First => _first;

    internal static NameSample Of(IEnumerable<string> names)
    {
        var sample = new NameSample();
        foreach (var name in names)
            sample.Add(name);
        return sample;
    }

    /// <param name="name">Of a file.</param>
    /// <param name="cause">Why it is among them; null: all are for the same reason.</param>
    internal void Add(string name, string? cause = null)
    {
        Count++;
        if (_first.Count < MaxNames)
            _first.Add(cause is null ? $"'{name.Shown()}'" : $"'{name.Shown()}' ({cause})");
    }

    /// <summary>'a', 'b' and 3 more.</summary>
    public override string ToString() =>
        string.Join(", ", _first) + (Count > _first.Count ? $" and {Count - _first.Count} more" : "");
}
