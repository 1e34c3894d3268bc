using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ComodCluster.Grains.Storage.Catalog.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Cluster : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "silo", table: "jobs", type: "TEXT", nullable: true);

            migrationBuilder.CreateIndex(name: "ix_versions_digest", table: "versions", column: "digest");

            migrationBuilder.CreateIndex(name: "ix_objects_blob", table: "objects", column: "blob");

            migrationBuilder.CreateIndex(name: "ix_jobs_checkpoint", table: "jobs", column: "checkpoint");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(name: "ix_versions_digest", table: "versions");

            migrationBuilder.DropIndex(name: "ix_objects_blob", table: "objects");

            migrationBuilder.DropIndex(name: "ix_jobs_checkpoint", table: "jobs");

            migrationBuilder.DropColumn(name: "silo", table: "jobs");
        }
    }
}
