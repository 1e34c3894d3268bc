namespace ComodCluster.Engine.Backbones.Pickles;

/// <summary>A function or class that a pickle names. It is a name and nothing else: none is ever looked up.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    private const int Shown = 120;

    /// <summary>As a sentence shows it, whatever it consists of.</summary>
    public override string ToString()
    {
        var name = string.Concat($"{Module}.{Name}".Select(c => c is > ' ' and < '\x7f' and not '\'' ? c : '?'));
        return name.Length > Shown ? $"{name[..Shown]}..." : name;
    }
}
