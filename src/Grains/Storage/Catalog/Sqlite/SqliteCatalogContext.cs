using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace ComodCluster.Grains.Storage.Catalog.Sqlite;

public sealed class SqliteCatalogContext(DbContextOptions<SqliteCatalogContext> options) : CatalogContext(options)
{
    protected override SqlExpression JsonText(SqlExpression json, string name) =>
        new SqlFunctionExpression(
            "json_extract",
            [json, new SqlConstantExpression($"$.{name}", json.TypeMapping)],
            nullable: true,
            // A member may be missing whatever the arguments are.
            [false, false],
            typeof(string),
            json.TypeMapping
        );
}
