using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>Keeps what a task needs from being deleted.</summary>
internal static class ObjectNeeds
{
    /// <summary>For the transaction that makes the needing object: until it ends the needed one stays.</summary>
    /// <exception cref="ComodException">not-found</exception>
    public static async Task Need(this CatalogContext catalog, string uid, CancellationToken cancellation)
    {
        if (await catalog.Hold(uid, cancellation) is null or { Phase: ObjectPhase.Deleted })
            throw new ComodException(
                ErrorCodes.NotFound,
                404,
                "The data set or the backbone was deleted meanwhile; choose another one."
            );
    }

    /// <summary>The same of several, which stay from then on as long as the needing object does.</summary>
    /// <inheritdoc cref="Need"/>
    public static async Task Link(
        this CatalogContext catalog,
        string from,
        IEnumerable<string> needs,
        CancellationToken cancellation
    )
    {
        foreach (var need in needs)
        {
            await catalog.Need(need, cancellation);
            catalog.Links.Add(new LinkRow { FromUid = from, ToUid = need });
        }
    }

    /// <summary>For the transaction that deletes an object.</summary>
    /// <exception cref="ComodException">in-use: names tasks that need it.</exception>
    public static async Task ThrowIfNeeded(
        CatalogContext catalog,
        string uid,
        string kind,
        string name,
        CancellationToken cancellation
    )
    {
        var tasks = await catalog
            .Links.Where(l => l.ToUid == uid)
            .Join(catalog.Objects, l => l.FromUid, o => o.Uid, (_, o) => o.Name)
            .OrderBy(n => n)
            .Take(4)
            .ToListAsync(cancellation);
        if (tasks.Count == 0)
            return;
        var shown = string.Join(", ", tasks.Take(3).Select(task => $"'{task}'")) + (tasks.Count > 3 ? " and more" : "");
        throw ComodException.Conflict(
            ErrorCodes.InUse,
            $"The {kind} '{name}' is needed by {(tasks.Count == 1 ? "the task" : "the tasks")} {shown}; delete "
                + $"{(tasks.Count == 1 ? "it" : "them")} first."
        );
    }
}
