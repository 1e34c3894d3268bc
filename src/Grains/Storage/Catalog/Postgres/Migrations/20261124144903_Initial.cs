using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ComodCluster.Grains.Storage.Catalog.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "jobs",
                columns: table => new
                {
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    phase = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    subject_uid = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    epoch = table.Column<long>(type: "bigint", nullable: false),
                    silo = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    checkpoint = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    etag = table.Column<long>(type: "bigint", nullable: false),
                    schema = table.Column<int>(type: "integer", nullable: false),
                    spec = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    info = table.Column<string>(type: "text", nullable: false, collation: "C"),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_jobs", x => new { x.tenant, x.id });
                }
            );

            migrationBuilder.CreateTable(
                name: "links",
                columns: table => new
                {
                    from_uid = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    to_uid = table.Column<string>(type: "text", nullable: false, collation: "C"),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_links", x => new { x.from_uid, x.to_uid });
                }
            );

            migrationBuilder.CreateTable(
                name: "objects",
                columns: table => new
                {
                    uid = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tenant = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    phase = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    blob = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    etag = table.Column<long>(type: "bigint", nullable: false),
                    schema = table.Column<int>(type: "integer", nullable: false),
                    created = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    payload = table.Column<string>(type: "text", nullable: false, collation: "C"),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_objects", x => x.uid);
                }
            );

            migrationBuilder.CreateTable(
                name: "versions",
                columns: table => new
                {
                    task_uid = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    number = table.Column<int>(type: "integer", nullable: false),
                    job = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    digest = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    schema = table.Column<int>(type: "integer", nullable: false),
                    payload = table.Column<string>(type: "text", nullable: false, collation: "C"),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_versions", x => new { x.task_uid, x.number });
                }
            );

            migrationBuilder.CreateIndex(name: "ix_jobs_checkpoint", table: "jobs", column: "checkpoint");

            migrationBuilder.CreateIndex(name: "ix_jobs_phase", table: "jobs", column: "phase");

            migrationBuilder.CreateIndex(name: "ix_links_to", table: "links", column: "to_uid");

            migrationBuilder.CreateIndex(name: "ix_objects_blob", table: "objects", column: "blob");

            migrationBuilder.CreateIndex(
                name: "ux_objects_name",
                table: "objects",
                columns: new[] { "kind", "tenant", "name" },
                unique: true,
                filter: "phase <> 'deleted'"
            );

            migrationBuilder.CreateIndex(name: "ix_versions_digest", table: "versions", column: "digest");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "jobs");

            migrationBuilder.DropTable(name: "links");

            migrationBuilder.DropTable(name: "objects");

            migrationBuilder.DropTable(name: "versions");
        }
    }
}
