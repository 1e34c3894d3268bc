using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using ComodCluster.Silo.Configuration;
using Microsoft.Extensions.Configuration;

namespace ComodCluster.Silo.Tests.Configuration;

public class SiloOptionsReaderTests
{
    [Fact]
    public void Read_Nothing_GivesDefaults()
    {
        var options = Read([]);
        Assert.Equal("http://127.0.0.1:5080", options.Url);
        Assert.True(Path.IsPathRooted(options.Storage));
        Assert.Equal(new ListenAddress(System.Net.IPAddress.Loopback, 5080), ListenAddress.Of(options));
        Assert.Equal(
            new Engine.Execution.EngineOptions { ActivationFolder = Path.Combine(options.Storage, "prefixes") },
            options.ToEngine()
        );
    }

    [Fact]
    public void Read_Values_Binds()
    {
        var options = Read(
            new()
            {
                ["Comod:Port"] = "0",
                ["Comod:Storage"] = "/tmp/a",
                ["Comod:Device"] = "cuda:1",
                ["Comod:Threads"] = "2",
                ["Comod:Engine:ActivationCacheBytes"] = "1000",
                ["Comod:Engine:PredictWindowMilliseconds"] = "0.5",
                ["Comod:Engine:TableBytes"] = "2000000",
            }
        );
        Assert.Equal(
            (0, "/tmp/a", "cuda:1", 2),
            (ListenAddress.Of(options).Port, options.Storage, options.ToEngine().Device, options.ToEngine().Threads)
        );
        Assert.Equal(
            (1000, 0.5, 2_000_000),
            (
                options.ToEngine().ActivationCacheBytes,
                options.ToEngine().PredictWindow.TotalMilliseconds,
                options.ToEngine().TableBytes
            )
        );
    }

    [Theory]
    [InlineData("Comod:Port", "abc", "Comod:Port cannot be 'abc'; take 0 to 65535.")]
    [InlineData("Comod:Port", "65536", "Comod:Port cannot be '65536'; take 0 to 65535.")]
    [InlineData("Comod:Url", "127.0.0.1:80", "Comod:Url cannot be '127.0.0.1:80'; take http://127.0.0.1:PORT.")]
    [InlineData(
        "Comod:Url",
        "https://127.0.0.1:80",
        "Comod:Url cannot be 'https://127.0.0.1:80'; take http://127.0.0.1:PORT."
    )]
    [InlineData(
        "Comod:Url",
        "http://0.0.0.0:80",
        "reached from other machines, which needs keys that this version does not have: use http://127.0.0.1:80."
    )]
    [InlineData("Comod:Url", "http://example.org:80", "reached from other machines")]
    [InlineData("Comod:Device", "tpu", "Comod:Device cannot be 'tpu'; take auto, cpu, cuda or cuda:N.")]
    [InlineData("Comod:Device", "cuda:x", "Comod:Device cannot be 'cuda:x'")]
    [InlineData("Comod:Roles", "boss", "Comod:Roles cannot be 'boss'; take worker, gateway or worker,gateway.")]
    [InlineData("Comod:Roles", "worker", "Comod:Roles cannot be 'worker'; a silo without Comod:Database is alone")]
    [InlineData("Comod:Preload", "A B", "Comod:Preload cannot be 'A B'; take names of backbones, separated by commas.")]
    [InlineData("Comod:Threads", "-1", "Comod:Threads cannot be '-1'; take 0 to 1024.")]
    [InlineData("Comod:SiloPort", "70000", "Comod:SiloPort cannot be '70000'")]
    [InlineData(
        "Comod:GatewayPort",
        "5080",
        "Comod:GatewayPort cannot be '5080'; it is the port of HTTP: take another one."
    )]
    [InlineData("Comod:ParentProcess", "0", "Comod:ParentProcess cannot be '0'; take 1 or more.")]
    [InlineData("Comod:Storage", " ", "Comod:Storage")]
    [InlineData("Comod:Cluster:Address", "here", "Comod:Cluster:Address cannot be 'here'; take an IP address.")]
    [InlineData("Comod:Cluster:Address", "10.0.0.1", "say so with Comod:Cluster:Unencrypted=true.")]
    [InlineData("Comod:Cluster:Address", "0.0.0.0", "say so with Comod:Cluster:Unencrypted=true.")]
    [InlineData("Comod:Cluster:Address", "2001:db8::1", "say so with Comod:Cluster:Unencrypted=true.")]
    [InlineData(
        "Comod:Cluster:Name",
        "A",
        "Comod:Cluster:Name cannot be 'A'; take lower-case letters, digits and hyphens."
    )]
    [InlineData(
        "Comod:Engine:CheckpointSeconds",
        "0",
        "Comod:Engine:CheckpointSeconds cannot be '0'; take 0.1 to 3600."
    )]
    [InlineData(
        "Comod:Engine:Precision",
        "half",
        "Comod:Engine:Precision cannot be 'half'; take auto, float32 or bfloat16."
    )]
    [InlineData("Comod:Engine:TenantWeights:a", "0", "Comod:Engine:TenantWeights:a cannot be '0'; take 0.01 to 100.")]
    [InlineData("Comod:Engine:TenantWeights:a", "much", "Comod:Engine:TenantWeights:a cannot be 'much'")]
    [InlineData("Comod:Uploads:ArchiveBytes", "0", "Comod:Uploads:ArchiveBytes cannot be '0'; take 1 or more.")]
    [InlineData(
        "Comod:Uploads:PredictBytes",
        "114000000",
        "Comod:Uploads:PredictBytes cannot be '114000000'; take 1 to 100000000."
    )]
    [InlineData(
        "Comod:Admission:BodyBytes",
        "1000",
        "Comod:Admission:BodyBytes cannot be '1000'; take at least the 100000000 of Comod:Uploads:PredictBytes, or lower that."
    )]
    [InlineData("Comod:Admission:Uploads", "0", "Comod:Admission:Uploads cannot be '0'; take 1 or more.")]
    [InlineData(
        "Comod:Retention:DeletedObjectsDays",
        "1",
        "Comod:Retention:DeletedObjectsDays cannot be '1'; take 2 to 36500, which is longer than the 24 hours that unused blobs are kept."
    )]
    [InlineData("Comod:Retention:FinishedJobsDays", "NaN", "Comod:Retention:FinishedJobsDays cannot be 'NaN'")]
    [InlineData("Comod:Blobs", "s3://Bucket", "Comod:Blobs")]
    [InlineData("Comod:S3:Endpoint", "http://127.0.0.1:9000", "Comod:S3 cannot be used")]
    [InlineData("Comod:S3:PathStyle", "perhaps", "Comod:S3:PathStyle cannot be 'perhaps'; take true or false.")]
    public void Read_BadValue_RefusedWithKeyValueAndFix(string key, string value, string said) =>
        Refuses(said, (key, value));

    [Theory]
    [InlineData("Comod:Prot", "Comod:Prot is no setting of the silo; the nearest is Comod:Port.")]
    [InlineData("Comod:engine:precison", "the nearest is Comod:Engine:Precision.")]
    [InlineData("Comod:CheckpointSeconds", "the nearest is Comod:Engine:CheckpointSeconds.")]
    [InlineData("Comod:Engine:TileRows", "Comod:Engine:TileRows is called Comod:Engine:BatchRows now; use that name.")]
    [InlineData("Comod:Preload:0", "the nearest is Comod:Preload.")]
    [InlineData(
        "Comod:S3:Password",
        "Comod:S3:Password is no setting of the silo; docs/configuration.md lists those below Comod."
    )]
    [InlineData(
        "Comod:Cluster",
        "Comod:Cluster is a section and takes no value; set keys below it, such as Comod:Cluster:Id."
    )]
    [InlineData("Comod:Engine:TenantWeights", "such as Comod:Engine:TenantWeights:NAME.")]
    public void Read_KeyThatIsNoSetting_RefusedWithTheNearest(string key, string said) => Refuses(said, (key, "1"));

    [Fact]
    public void Read_SeveralFaults_SaysAllInOneList()
    {
        var said = Refuses(
            "5 settings cannot be used:",
            ("Comod:Prot", "1"),
            ("Comod:Threads", "many"),
            ("Comod:Device", "tpu"),
            ("Comod:Admission:Uploads", "0"),
            ("Comod:Blobs", "ftp://x")
        );
        Assert.All(
            new[] { "Comod:Port.", "Comod:Threads", "Comod:Device", "Comod:Admission:Uploads", "Comod:Blobs" },
            key => Assert.Contains(key, said)
        );
        Assert.Equal(5, said.Split("\n- ").Length - 1);
    }

    [Fact]
    public void Read_DatabaseThatCannotBeUsed_DoesNotSayIt() =>
        Assert.DoesNotContain(
            "not-secret",
            Refuses("Comod:Database", ("Comod:Database", "Password=not-secret;Nonsense=1"))
        );

    /// <summary>The engine has the same bounds for whoever uses it without a silo.</summary>
    [Fact]
    public void EngineLimits_AtTheirBounds_SuitTheEngine()
    {
        var bounded = Setting
            .All.Where(s => s.Property.DeclaringType == typeof(EngineLimits) || s.Key == "Comod:Threads")
            .Select(s => (s.Key, Range: s.Property.GetCustomAttribute<RangeAttribute>()))
            .Where(s => s.Range is not null)
            .ToArray();
        Assert.True(bounded.Length >= 6);
        foreach (var (key, range) in bounded)
        foreach (
            var bound in new[] { range!.Minimum, range.Maximum }.Where(bound => bound is not double.PositiveInfinity)
        )
            Read(new() { [key] = Convert.ToString(bound, CultureInfo.InvariantCulture) }).ToEngine().Validate();
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("127.0.0.2", false)]
    [InlineData("::1", false)]
    public void ClusterAddress_LoopbackOrWithTheWord_Taken(string address, bool unencrypted) =>
        Assert.Equal(
            address,
            Read(
                new() { ["Comod:Cluster:Address"] = address, ["Comod:Cluster:Unencrypted"] = $"{unencrypted}" }
            ).Cluster.Address
        );

    [Theory]
    [InlineData("http://localhost:81", "127.0.0.1")]
    [InlineData("http://127.0.0.5:81", "127.0.0.5")]
    [InlineData("http://[::1]:81", "::1")]
    public void ListenAddress_Loopback_Taken(string url, string address) =>
        Assert.Equal(
            new ListenAddress(System.Net.IPAddress.Parse(address), 81),
            ListenAddress.Of(Read(new() { ["Comod:Url"] = url }))
        );

    private static string Refuses(string said, params (string Key, string Value)[] settings)
    {
        var refusal = Assert.Throws<StartupException>(() =>
            Read(settings.ToDictionary(s => s.Key, s => (string?)s.Value))
        );
        Assert.Equal(1, refusal.ExitCode);
        Assert.Contains(said, refusal.Message);
        Assert.EndsWith(".", refusal.Message);
        return refusal.Message;
    }

    private static SiloOptions Read(Dictionary<string, string?> values) =>
        SiloOptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}
