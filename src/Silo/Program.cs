using ComodCluster.Silo.Hosting;

try
{
    if (CommandLine.AsksForHelp(args))
    {
        Console.WriteLine(CommandLine.Usage);
        return 0;
    }
    await using var app = SiloHost.Build(args);
    await app.RunAsync();
    return 0;
}
catch (Exception failure)
{
    var refusal = StartupFailure.Of(failure);
    await Console.Error.WriteLineAsync($"comod silo: {refusal.Message}");
    return refusal.ExitCode;
}
