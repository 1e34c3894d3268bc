namespace ComodCluster.Lab.Chaos.Drills;

/// <summary>What a drill sees as it goes on.</summary>
internal sealed class DrillReport(Action<string> say)
{
    private readonly List<string> _seen = [],
        _violations = [];

    public IReadOnlyList<string> Seen => _seen;

    public IReadOnlyList<string> Violations => _violations;

    /// <param name="what">That is true where it holds.</param>
    public void Expect(bool holds, string what)
    {
        (holds ? _seen : _violations).Add(what);
        say(holds ? what : $"NOT TRUE: {what}");
    }

    /// <summary>Nothing of what was there before is missing or has changed.</summary>
    public void ExpectAll(IReadOnlyList<string> before, IReadOnlyList<string> after, string what)
    {
        var missing = before.Except(after).ToList();
        Expect(missing.Count == 0, $"{what} ({before.Count})");
        if (missing.Count > 0)
            say($"  missing: {string.Join("; ", missing.Take(5))}; there: {string.Join("; ", after.Take(5))}");
    }
}
