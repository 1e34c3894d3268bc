using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ComodCluster.Grains.Catalog.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class JobSilo : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "silo",
                table: "jobs",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "silo",
                table: "jobs");
        }
    }
}
