using ComodCluster.Grains.Tests.Storage.Catalog;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ComodCluster.Grains.Tests.Retention;

public sealed class SqliteRetentionTests : RetentionCompliance
{
    private protected override Task<TestCatalog> NewCatalog(IInterceptor interceptor) =>
        Task.FromResult(new TestCatalog(interceptor));
}
