using ComodCluster.Silo.Hosting;

try
{
    if (CommandLine.AsksForHelp(args))
    {
        Console.WriteLine(CommandLine.Usage);
        return 0;
    }
    if (args is [RestoreCommand.Verb, .. var rest])
        return await RestoreCommand.Run(rest);
    await using var app = SiloHost.Build(args);
    var end = app.Services.GetRequiredService<ProcessEnd>();
    await app.RunAsync();
    return end.ExitCode;
}
catch (Exception failure)
{
    var refusal = StartupFailure.Of(failure);
    await Console.Error.WriteLineAsync(
        $"comod {(args is [RestoreCommand.Verb, ..] ? "restore" : "silo")}: {refusal.Message}"
    );
    return refusal.ExitCode;
}
