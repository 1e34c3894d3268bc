using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Tests.Storage.Catalog;

/// <summary>A build reads and writes back what a later one stored: nothing that it does not know gets lost.</summary>
public sealed class UnknownMembersTests : IDisposable
{
    private readonly TestCatalog _catalog = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Types of the records that objects are stored as: wherever a layout is declared.</summary>
    public static TheoryData<Type> Records =>
        [
            .. Layouts()
                .Select(layout => layout.GetType().GetGenericArguments()[0])
                .OrderBy(type => type.Name, StringComparer.Ordinal),
        ];

    [Fact]
    public void Records_OfEveryKind_AreFound() =>
        Assert.Equal(
            ["backbone", "cluster", "dataset", "task"],
            Layouts().Select(layout => ((ObjectKind)((dynamic)layout).Kind).Name).Order()
        );

    [Theory, MemberData(nameof(Records))]
    public Task Save_RecordOfALaterBuild_KeepsWhatIsUnknown(Type record) =>
        (Task)
            GetType()
                .GetMethod(nameof(SavesAll), BindingFlags.Instance | BindingFlags.NonPublic)!
                .MakeGenericMethod(record)
                .Invoke(this, null)!;

    [Fact]
    public async Task Save_JobOfALaterBuild_KeepsWhatIsUnknown()
    {
        var (spec, info) = (OfALaterBuild(typeof(JobSpec)), OfALaterBuild(typeof(JobInfo)));
        await Add(rows =>
            rows.Jobs.Add(
                new JobRow
                {
                    Tenant = TestCatalog.Tenant.Value,
                    Id = "job",
                    Kind = "import",
                    Phase = "queued",
                    SubjectUid = "u",
                    Schema = 1,
                    Spec = spec.ToJsonString(),
                    Info = info.ToJsonString(),
                }
            )
        );
        var job = _catalog.JobOf("job");
        await job.Load(Stop);

        await job.Save(job.Value! with { Info = job.Value.Info with { Progress = 0.5 } }, AlongWrite.Nothing, Stop);

        info["progress"] = 0.5;
        var row = await _catalog.Database.Read((rows, stop) => rows.Jobs.SingleAsync(stop), Stop);
        Same(info, row.Info);
        Same(spec, row.Spec);
    }

    [Fact]
    public void Write_KnownMemberThatIsNullNow_IsGone() =>
        Assert.DoesNotContain(
            "secondsLeft",
            CatalogJson.Write(Queued(), CatalogJson.Write(Queued() with { SecondsLeft = 3 })),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(typeof(ObjectRow), "Blob", "Etag", "Payload", "Phase", "Schema")]
    [InlineData(typeof(JobRow), "Checkpoint", "Epoch", "Etag", "Info", "Phase", "Silo")]
    [InlineData(typeof(VersionRow))]
    [InlineData(typeof(LinkRow))]
    public void Rows_ColumnsThatAreRewritten_AreThese(Type row, params string[] columns) =>
        // Payload and Info hold JSON: see the tests above. A new column that does needs one, too.
        Assert.Equal(
            columns,
            row.GetProperties()
                .Where(p =>
                    p.SetMethod is { } set
                    && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit))
                )
                .Select(p => p.Name)
                .Order()
        );

    [Fact]
    public async Task Load_ValueThatOnlyALaterBuildKnows_IsRefusedAndLeftAlone()
    {
        var payload = CatalogJson
            .Write(TestCatalog.Info("a", "name"))
            .Replace("\"importing\"", "\"archived\"", StringComparison.Ordinal);
        await Add(rows => rows.Objects.Add(Row("dataset", "archived", payload)));
        var stored = _catalog.Dataset("a");

        var refusal = await Assert.ThrowsAsync<ComodException>(() => stored.Load(Stop));

        Assert.Equal((ErrorCodes.RecordUnreadable, 503), (refusal.Code, refusal.Status));
        Assert.Contains("$.phase", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(
            ErrorCodes.RecordUnreadable,
            (
                await Assert.ThrowsAsync<ComodException>(() =>
                    _catalog.Reader.ListDatasets(TestCatalog.Tenant, null, null, 10, Stop)
                )
            ).Code
        );
        Assert.Equal(
            payload,
            await _catalog.Database.Read((rows, stop) => rows.Objects.Select(o => o.Payload).SingleAsync(stop), Stop)
        );
    }

    public void Dispose() => _catalog.Dispose();

    private async Task SavesAll<T>()
        where T : class
    {
        var layout = Layouts().OfType<ObjectLayout<T>>().Single();
        var later = OfALaterBuild(typeof(T));
        await Add(rows => rows.Objects.Add(Row(layout.Kind.Name, "x", later.ToJsonString())));
        var stored = new StoredRow<ObjectRow, T>(_catalog.Database, layout.At("a"));
        await stored.Load(Stop);

        await stored.Save(stored.Value!, AlongWrite.Nothing, Stop);

        var row = await _catalog.Database.Read((rows, stop) => rows.Objects.SingleAsync(stop), Stop);
        Assert.Equal(2, row.Etag);
        Same(later, row.Payload);
    }

    private Task Add(Action<CatalogContext> add) =>
        _catalog.Database.Write(
            (rows, _) =>
            {
                add(rows);
                return Task.FromResult(true);
            },
            Stop
        );

    private static ObjectRow Row(string kind, string phase, string payload) =>
        new()
        {
            Uid = "a",
            Kind = kind,
            Tenant = TestCatalog.Tenant.Value,
            Name = "name",
            Phase = phase,
            Etag = 1,
            Schema = 1,
            Created = TestCatalog.Created,
            Payload = payload,
        };

    private static JobInfo Queued() =>
        new()
        {
            Id = "j",
            Kind = JobKind.Import,
            Phase = JobPhase.Queued,
            Subject = "s",
            Progress = 0,
            Created = TestCatalog.Created,
        };

    private static void Same(JsonNode expected, string actual) =>
        Assert.True(
            JsonNode.DeepEquals(expected, JsonNode.Parse(actual)),
            $"stored: {expected.ToJsonString()}\nwritten: {actual}"
        );

    private static IEnumerable<object> Layouts() =>
        from type in typeof(CatalogDatabase).Assembly.GetTypes()
        from field in type.IsGenericTypeDefinition
            ? []
            : type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        where field.FieldType.IsGenericType && field.FieldType.GetGenericTypeDefinition() == typeof(ObjectLayout<>)
        select field.GetValue(null);

    /// <summary>
    /// JSON of a record in which everything is set, and every object has members that this build does not know.
    /// </summary>
    private static JsonNode OfALaterBuild(Type type)
    {
        var info = CatalogJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                var members = info
                    .Properties.Where(p => p.Get is not null)
                    .Select(p => KeyValuePair.Create(p.Name, (JsonNode?)OfALaterBuild(p.PropertyType)));
                return new JsonObject(members)
                {
                    ["fromLater"] = new JsonArray(1, "two"),
                    ["alsoLater"] = new JsonObject { ["phase"] = "unheard-of" },
                };
            case JsonTypeInfoKind.Enumerable:
                return new JsonArray(OfALaterBuild(info.ElementType!), OfALaterBuild(info.ElementType!));
            default:
                object value =
                    info.Type == typeof(string) ? "text"
                    : info.Type == typeof(DateTimeOffset) ? TestCatalog.Created
                    : Activator.CreateInstance(info.Type)!;
                return JsonSerializer.SerializeToNode(value, info.Type, CatalogJson.Options)!;
        }
    }
}
