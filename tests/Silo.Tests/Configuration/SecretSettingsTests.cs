using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Hosting;
using ComodCluster.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Silo.Tests.Configuration;

public class SecretSettingsTests
{
    private const string Database = "Host=127.0.0.1;Database=d;Password=not-secret";

    [Fact]
    public async Task SecretsDirectory_FilesAsMounted_AreSettings()
    {
        using var folder = new TempFolder();
        var secrets = Directory.CreateDirectory(folder.File("secrets/here")[..^5]).FullName;
        File.WriteAllText(Path.Combine(secrets, "Comod__Database"), Database + "\n");
        File.WriteAllText(Path.Combine(secrets, "Comod__S3__AccessKey"), "name");
        File.WriteAllText(Path.Combine(secrets, "Comod__S3__SecretKey"), "not-secret");
        File.WriteAllText(Path.Combine(secrets, "of-another-program"), "x");
        Directory.CreateDirectory(Path.Combine(secrets, "..data"));
        await using var app = SiloHost.Build([
            "--data-dir",
            folder.File("data"),
            "--port=0",
            "--secrets-dir",
            secrets,
            "--Comod:Database=Host=elsewhere",
            "--Comod:Blobs=s3://bucket",
            "--Comod:S3:Endpoint=http://127.0.0.1:9",
        ]);
        var options = app.Services.GetRequiredService<SiloOptions>();
        Assert.Equal((Database, "name", "not-secret"), (options.Database, options.S3.AccessKey, options.S3.SecretKey));
    }

    [Fact]
    public void SecretsDirectory_NotThere_IsSaid() =>
        Assert.Equal(
            "The directory '/not/there' of Comod:Secrets is not there; mount it, or name another.",
            Assert.Throws<StartupException>(() => SiloHost.Build(["--secrets-dir=/not/there"])).Message
        );

    [Theory]
    [InlineData($"--Comod:Database={Database}", "Comod:Database")]
    [InlineData("--Comod:Database=Host=h;Username=u;PWD=x", "Comod:Database")]
    [InlineData("--comod:s3:secretkey=x", "Comod:S3:SecretKey")]
    [InlineData("--Comod:Database=Host=h;Username=u")]
    [InlineData("--Comod:Database=no connection string")]
    [InlineData("--Comod:S3:AccessKey=x")]
    public void In_Arguments_NamesThoseWithAPassword(string argument, params string[] keys) =>
        Assert.Equal(keys, SecretSettings.In([argument]));
}
