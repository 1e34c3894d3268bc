namespace ComodCluster.Lab.Chaos.Histories;

/// <summary>
/// Whether the operations of a task have one order that explains all answers, and in which each happens between its
/// question and its answer. From answer to answer the search keeps all that the task may be, and orders what is open
/// only as far as the answer needs it (G. Lowe, "Testing for linearizability", 2017).
/// </summary>
internal sealed class LinearOrder
{
    // Open operations have a place each; a set of them is a mask.
    private readonly TaskOperation?[] _open = new TaskOperation?[128];
    private HashSet<Possibility> _possible = [default];
    private UInt128 _unanswered;

    private LinearOrder() { }

    /// <returns>The first answer that no order explains; null: there is one.</returns>
    public static string? Violation(IEnumerable<TaskOperation> history) => new LinearOrder().Search([.. history]);

    private string? Search(IReadOnlyList<TaskOperation> history)
    {
        foreach (var (_, isAnswer, operation) in Events(history))
        {
            var place = Array.IndexOf(_open, isAnswer ? operation : null);
            if (place < 0)
                return $"more than {_open.Length} operations have no answer, which is too many to order them";
            var bit = UInt128.One << place;
            if (!isAnswer)
            {
                _open[place] = operation;
                if (operation.Heard is null)
                    _unanswered |= bit;
                continue;
            }
            var before = _possible;
            _possible = [.. Until(bit).Select(p => p with { Happened = p.Happened & ~bit })];
            _open[place] = null;
            if (_possible.Count == 0)
                return Sentence(operation, before);
        }
        return null;
    }

    /// <summary>Questions and answers in the order of time; at the same time questions come first.</summary>
    private static IEnumerable<(double At, bool IsAnswer, TaskOperation Operation)> Events(
        IReadOnlyList<TaskOperation> history
    ) =>
        history
            .Select(o => (o.Asked, false, o))
            .Concat(history.Where(o => o.Heard is not null).Select(o => (o.Heard!.Value, true, o)))
            .OrderBy(e => e.Item1)
            .ThenBy(e => e.Item2);

    /// <summary>All that may be when an open operation has happened, as late as it can.</summary>
    private List<Possibility> Until(UInt128 operation)
    {
        var (reached, found) = (new List<Possibility>(), new List<Possibility>(_possible));
        for (var i = 0; i < found.Count; i++)
        {
            if ((found[i].Happened & operation) != 0)
                reached.Add(found[i]);
            else
                foreach (var next in After(found[i]))
                    if (!found.Exists(p => Covers(p, next)))
                        found.Add(next);
        }
        return reached;
    }

    private IEnumerable<Possibility> After(Possibility now)
    {
        for (var place = 0; place < _open.Length; place++)
        {
            var bit = UInt128.One << place;
            if (
                _open[place] is { } operation
                && (now.Happened & bit) == 0
                && now.State.After(operation) is { } state
                && !HasEarlierTwin(now, place)
            )
                yield return new(state, now.Happened | bit);
        }
    }

    /// <summary>Which of several like operations without an answer has happened makes no difference.</summary>
    private bool HasEarlierTwin(Possibility now, int place)
    {
        for (var i = 0; i < place; i++)
            if (
                (_unanswered & (UInt128.One << i) & ~now.Happened) != 0
                && _open[place] is { Heard: null } operation
                && operation.IsSameAs(_open[i]!)
            )
                return true;
        return false;
    }

    /// <summary>The other differs only by further operations without an answer, which may come later still.</summary>
    private bool Covers(Possibility one, Possibility other) =>
        one.State == other.State
        && (one.Happened & ~other.Happened) == 0
        && (other.Happened & ~one.Happened & ~_unanswered) == 0;

    private static string Sentence(TaskOperation operation, IEnumerable<Possibility> possible) =>
        $"no order explains the {operation}; before, there may have been "
        + string.Join(" or ", possible.Select(p => p.State).Distinct());

    /// <summary>What a task may be, and the open operations that have happened by then.</summary>
    private readonly record struct Possibility(TaskState State, UInt128 Happened);
}
