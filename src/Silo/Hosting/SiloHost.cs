using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Silo.Api;
using ComodCluster.Silo.Api.Conventions;
using ComodCluster.Silo.Api.Limits;
using ComodCluster.Silo.Api.Probes;
using ComodCluster.Silo.Bodies;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Problems;
using ComodCluster.Silo.Telemetry;

namespace ComodCluster.Silo.Hosting;

/// <summary>The composition root: worker and gateway in one process, on one data directory.</summary>
public static partial class SiloHost
{
    /// <summary>Largest body of the routes that set no limit of their own.</summary>
    private const long JsonBodyBytes = 1 << 20;

    /// <summary>The thousand classes of ImageNet, which a backbone's address names, with room to spare.</summary>
    private const int RequestLineBytes = 1 << 16;

    /// <summary>
    /// Validates the settings. The data directory and the device are taken when the application starts.
    /// </summary>
    /// <exception cref="StartupException">What is wrong and how to mend it, in one sentence;
    /// <see cref="StartupFailure"/> makes one of what the start throws.</exception>
    /// <param name="formats">Formats of stored records that it reads and writes; null: those of this build.</param>
    public static WebApplication Build(string[] arguments, FormatRange? formats = null)
    {
        var builder = NewBuilder(arguments);
        var options = SiloOptionsReader.Read(builder.Configuration);
        var listen = ListenAddress.Of(options);
        listen.EnsureFree();

        builder.Logging.AddSiloLogging();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = JsonBodyBytes;
            kestrel.Limits.MaxRequestLineSize = RequestLineBytes;
            kestrel.Listen(listen.Address, listen.Port);
        });
        var services = builder.Services;
        services.AddSingleton(options).AddSingleton(options.Uploads).AddSingleton(options.Admission);
        services.AddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(json => SiloJson.Configure(json.SerializerOptions));
        services.AddProblems().AddApiDescription().AddSiloMetrics().AddBodies();
        builder.AddCluster(options, formats ?? FormatRange.Build);
        services.AddSingleton<Admission>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<ProcessEnd>();
        services.AddHostedService<SiloAnnouncer>();
        services.AddHostedService<ParentWatch>();

        var app = builder.Build();
        foreach (var key in SecretSettings.In(CommandLine.Normalize(arguments)))
            LogPassword(app.Logger, key);
        app.UseProblems();
        app.UseLocalOrigin();
        app.UseRoutingOfAllMethods();
        app.UseRequestChecks();
        app.UseBodies();
        app.UseAdmission();
        app.MapApi();
        return app;
    }

    /// <summary>With the settings from files of secrets, the arguments, the environment and appsettings.json.</summary>
    /// <exception cref="StartupException">An argument is wrong, or a file cannot be read.</exception>
    internal static WebApplicationBuilder NewBuilder(string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                Args = CommandLine.Normalize(arguments),
                ContentRootPath = AppContext.BaseDirectory,
            }
        );
        SecretSettings.AddFiles(builder.Configuration);
        return builder;
    }

    [LoggerMessage(
        SiloEvents.PasswordAmongArguments,
        LogLevel.Warning,
        "{Key} has a password and is among the arguments, where every user of this machine sees it; give it as a file "
            + "with --secrets-dir, or in the environment."
    )]
    private static partial void LogPassword(ILogger logger, string key);
}
