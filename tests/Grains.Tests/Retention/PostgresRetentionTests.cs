using ComodCluster.Grains.Tests.Storage.Catalog;
using ComodCluster.TestInfrastructure;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ComodCluster.Grains.Tests.Retention;

public sealed class PostgresRetentionTests(PostgresFixture postgres) : RetentionCompliance
{
    private protected override async Task<TestCatalog> NewCatalog(IInterceptor interceptor) =>
        new(await postgres.NewDatabase(), interceptor);
}
