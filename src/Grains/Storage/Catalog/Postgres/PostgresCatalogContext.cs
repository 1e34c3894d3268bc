using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace ComodCluster.Grains.Storage.Catalog.Postgres;

public sealed class PostgresCatalogContext(DbContextOptions<PostgresCatalogContext> options) : CatalogContext(options)
{
    private static readonly RelationalTypeMapping s_json = new StringTypeMapping("json", dbType: null);

    /// <inheritdoc/>
    public override bool LocksRows => true;

    protected override SqlExpression JsonText(SqlExpression json, string name) =>
        new CollateExpression(
            new SqlFunctionExpression(
                "json_extract_path_text",
                [
                    new SqlUnaryExpression(ExpressionType.Convert, json, typeof(string), s_json),
                    new SqlConstantExpression(name, json.TypeMapping),
                ],
                nullable: true,
                // A member may be missing whatever the arguments are.
                [false, false],
                typeof(string),
                json.TypeMapping
            ),
            "C"
        );

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        // Names are ordered by their bytes, as on SQLite, whatever the server's language is.
        foreach (
            var text in modelBuilder
                .Model.GetEntityTypes()
                .SelectMany(e => e.GetProperties())
                .Where(p => p.ClrType == typeof(string))
        )
            text.SetCollation("C");
    }
}
