using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ComodCluster.Grains.Storage.Catalog.Sqlite.Migrations
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
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    phase = table.Column<string>(type: "TEXT", nullable: false),
                    subject_uid = table.Column<string>(type: "TEXT", nullable: false),
                    epoch = table.Column<long>(type: "INTEGER", nullable: false),
                    checkpoint = table.Column<string>(type: "TEXT", nullable: true),
                    etag = table.Column<long>(type: "INTEGER", nullable: false),
                    schema = table.Column<int>(type: "INTEGER", nullable: false),
                    spec = table.Column<string>(type: "TEXT", nullable: false),
                    info = table.Column<string>(type: "TEXT", nullable: false),
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
                    from_uid = table.Column<string>(type: "TEXT", nullable: false),
                    to_uid = table.Column<string>(type: "TEXT", nullable: false),
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
                    uid = table.Column<string>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    tenant = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    phase = table.Column<string>(type: "TEXT", nullable: false),
                    blob = table.Column<string>(type: "TEXT", nullable: true),
                    etag = table.Column<long>(type: "INTEGER", nullable: false),
                    schema = table.Column<int>(type: "INTEGER", nullable: false),
                    created = table.Column<DateTimeOffset>(type: "TEXT", nullable: false),
                    payload = table.Column<string>(type: "TEXT", nullable: false),
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
                    task_uid = table.Column<string>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    job = table.Column<string>(type: "TEXT", nullable: false),
                    digest = table.Column<string>(type: "TEXT", nullable: false),
                    schema = table.Column<int>(type: "INTEGER", nullable: false),
                    payload = table.Column<string>(type: "TEXT", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_versions", x => new { x.task_uid, x.number });
                }
            );

            migrationBuilder.CreateIndex(name: "ix_jobs_phase", table: "jobs", column: "phase");

            migrationBuilder.CreateIndex(name: "ix_links_to", table: "links", column: "to_uid");

            migrationBuilder.CreateIndex(
                name: "ux_objects_name",
                table: "objects",
                columns: new[] { "kind", "tenant", "name" },
                unique: true,
                filter: "phase <> 'deleted'"
            );
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
