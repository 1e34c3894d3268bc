using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ComodCluster.Grains.Tests.Retention;

/// <summary>Counts transactions, and does something before one of them is committed.</summary>
internal sealed class CommitWatch : DbTransactionInterceptor
{
    public int Count { get; set; }

    public Action<int> Before { get; set; } = _ => { };

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction,
        TransactionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        Before(++Count);
        return ValueTask.FromResult(result);
    }
}
