using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>
/// The relational model: the same for every database. Migrations differ, and so each has its own subclass.
/// </summary>
public abstract class CatalogContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>Other processes write, too: a transaction that relies on a row locks it.</summary>
    public virtual bool LocksRows => false;

    /// <summary>Formats of records that this build knows.</summary>
    internal FormatRange Formats { get; set; } = FormatRange.Build;

    /// <summary>Format of the records that are written.</summary>
    internal int Format { get; set; } = FormatRange.First;

    /// <summary>Time of the write.</summary>
    internal DateTimeOffset Now { get; set; }

    public DbSet<ObjectRow> Objects => Set<ObjectRow>();
    public DbSet<VersionRow> Versions => Set<VersionRow>();
    public DbSet<JobRow> Jobs => Set<JobRow>();
    public DbSet<LinkRow> Links => Set<LinkRow>();

    /// <summary>A member of a row's JSON as text, ordered by its bytes: in queries only.</summary>
    /// <param name="name">A constant: camelCase, of the outermost object.</param>
    internal static string JsonText(string json, string name) =>
        throw new NotSupportedException($"{nameof(JsonText)} is translated to SQL.");

    /// <summary>How the database spells <see cref="JsonText(string, string)"/>.</summary>
    protected abstract SqlExpression JsonText(SqlExpression json, string name);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder
            .HasDbFunction(((Func<string, string, string>)JsonText).Method)
            .HasTranslation(arguments => JsonText(arguments[0], (string)((SqlConstantExpression)arguments[1]).Value!));
        modelBuilder.Entity<ObjectRow>(row =>
        {
            row.ToTable("objects").HasKey(o => o.Uid);
            row.HasIndex(o => new
                {
                    o.Kind,
                    o.Tenant,
                    o.Name,
                })
                .IsUnique()
                .HasFilter("phase <> 'deleted'")
                .HasDatabaseName("ux_objects_name");
            row.HasIndex(o => o.Blob).HasDatabaseName("ix_objects_blob");
            row.Property(o => o.Uid).HasColumnName("uid");
            row.Property(o => o.Kind).HasColumnName("kind");
            row.Property(o => o.Tenant).HasColumnName("tenant");
            row.Property(o => o.Name).HasColumnName("name");
            row.Property(o => o.Phase).HasColumnName("phase");
            row.Property(o => o.Blob).HasColumnName("blob");
            row.Property(o => o.Etag).HasColumnName("etag").IsConcurrencyToken();
            row.Property(o => o.Schema).HasColumnName("schema");
            row.Property(o => o.Created).HasColumnName("created");
            row.Property(o => o.Payload).HasColumnName("payload");
        });
        modelBuilder.Entity<VersionRow>(row =>
        {
            row.ToTable("versions").HasKey(v => new { v.TaskUid, v.Number });
            row.HasIndex(v => v.Digest).HasDatabaseName("ix_versions_digest");
            row.Property(v => v.TaskUid).HasColumnName("task_uid");
            row.Property(v => v.Number).HasColumnName("number");
            row.Property(v => v.Job).HasColumnName("job");
            row.Property(v => v.Digest).HasColumnName("digest");
            row.Property(v => v.Schema).HasColumnName("schema");
            row.Property(v => v.Payload).HasColumnName("payload");
        });
        modelBuilder.Entity<JobRow>(row =>
        {
            row.ToTable("jobs").HasKey(j => new { j.Tenant, j.Id });
            row.HasIndex(j => j.Phase).HasDatabaseName("ix_jobs_phase");
            row.HasIndex(j => j.Checkpoint).HasDatabaseName("ix_jobs_checkpoint");
            row.Property(j => j.Tenant).HasColumnName("tenant");
            row.Property(j => j.Id).HasColumnName("id");
            row.Property(j => j.Kind).HasColumnName("kind");
            row.Property(j => j.Phase).HasColumnName("phase");
            row.Property(j => j.SubjectUid).HasColumnName("subject_uid");
            row.Property(j => j.Epoch).HasColumnName("epoch");
            row.Property(j => j.Silo).HasColumnName("silo");
            row.Property(j => j.Checkpoint).HasColumnName("checkpoint");
            row.Property(j => j.Etag).HasColumnName("etag").IsConcurrencyToken();
            row.Property(j => j.Schema).HasColumnName("schema");
            row.Property(j => j.Spec).HasColumnName("spec");
            row.Property(j => j.Info).HasColumnName("info");
        });
        modelBuilder.Entity<LinkRow>(row =>
        {
            row.ToTable("links").HasKey(l => new { l.FromUid, l.ToUid });
            row.HasIndex(l => l.ToUid).HasDatabaseName("ix_links_to");
            row.Property(l => l.FromUid).HasColumnName("from_uid");
            row.Property(l => l.ToUid).HasColumnName("to_uid");
        });
    }
}
