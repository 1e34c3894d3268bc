using System.CommandLine;
using ComodCluster.Cli.Silos;

namespace ComodCluster.Cli.Commands;

/// <summary>Which silo a command talks to.</summary>
internal static class ConnectionOptions
{
    public const string AddressVariable = "COMOD_ADDRESS";

    public static Option<Uri?> Address { get; } =
        new("--address")
        {
            Description =
                $"URL of a running silo [{AddressVariable}]; without one, the command starts a silo on the data "
                + $"directory.",
            HelpName = "URL",
            CustomParser = result => Parse(result.Tokens[0].Value, result.AddError),
        };

    public static Option<string?> DataDirectory { get; } =
        new("--data-dir")
        {
            Description = $"Data directory of a silo that the command starts [{SiloSettings.DefaultDirectory()}].",
            HelpName = "DIR",
        };

    public static Option<string?> Device { get; } =
        new("--device")
        {
            Description = "Device of a silo that the command starts: auto, cpu or cuda[:n] [auto].",
            HelpName = "DEVICE",
        };

    public static Option<int?> Threads { get; } =
        Checks.AtLeast(
            1,
            new Option<int?>("--threads")
            {
                Description = "CPU threads of a silo that the command starts [all cores].",
                HelpName = "N",
            }
        );

    public static void AddTo(Command command)
    {
        command.Options.Add(Address);
        command.Options.Add(DataDirectory);
        command.Options.Add(Device);
        command.Options.Add(Threads);
    }

    /// <summary>Connects as the options, the environment and the data directory say.</summary>
    public static async Task<SiloConnection> Open(
        ParseResult arguments,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        var address = arguments.GetValue(Address) ?? FromEnvironment();
        if (address is not null)
            return SiloConnection.To(address);
        var settings = Settings(arguments);
        return await SiloConnection.OnDirectory(
            settings,
            () => terminal.Note($"Starting a silo on {settings.DataDirectory} ..."),
            cancellation
        );
    }

    public static SiloSettings Settings(ParseResult arguments) =>
        new()
        {
            DataDirectory = Path.GetFullPath(arguments.GetValue(DataDirectory) ?? SiloSettings.DefaultDirectory()),
            Device = arguments.GetValue(Device),
            Threads = arguments.GetValue(Threads),
        };

    private static Uri? FromEnvironment()
    {
        var text = Environment.GetEnvironmentVariable(AddressVariable);
        return string.IsNullOrEmpty(text)
            ? null
            : Parse(text, message => throw new UsageException($"{AddressVariable}: {message}"));
    }

    private static Uri? Parse(string text, Action<string> refuse)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            return uri;
        refuse($"'{text}' is no URL of a silo: write it like http://127.0.0.1:5080.");
        return null;
    }
}
