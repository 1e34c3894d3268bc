using System.Diagnostics;
using System.Globalization;
using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Benchmarks.Neighbour;

/// <summary>
/// This program as a child process with an engine of its own, since OpenMP reads its environment once. It reads a line
/// for each sample, and writes its seconds as a line.
/// </summary>
internal sealed class EngineProcess : IDisposable
{
    /// <summary>The verb that starts the child; followed by a network's name.</summary>
    public const string Verb = "neighbour-engine";

    private const int Images = 64,
        Singles = 25;
    private readonly Process _process;

    private EngineProcess(string name, bool watches, Process process) =>
        (Name, Watches, _process) = (name, watches, process);

    public string Name { get; }

    /// <summary>It looks once a second whether others take its cores.</summary>
    public bool Watches { get; }

    public string Versions { get; private set; } = "";

    /// <param name="spinCount">How often a thread looks before it sleeps; null: as the engine chooses.</param>
    public static EngineProcess Start(string name, Network network, int? spinCount)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. Program(), Verb, network.Name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("OMP_WAIT_POLICY");
        start.Environment.Remove("GOMP_SPINCOUNT");
        if (spinCount is { } count)
            start.Environment["GOMP_SPINCOUNT"] = count.ToString(CultureInfo.InvariantCulture);
        var engine = new EngineProcess(name, spinCount is null, Process.Start(start)!);
        engine.Versions = engine.Answer();
        return engine;
    }

    /// <param name="requests">As many requests, so that every batch is full; 0: single requests, one after
    /// another.</param>
    /// <returns>Seconds until the last answer; of single requests the median's.</returns>
    public double Seconds(int requests)
    {
        _process.StandardInput.WriteLine(requests.ToString(CultureInfo.InvariantCulture));
        return double.Parse(Answer(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>What the child does until its input ends.</summary>
    public static void Serve(string name)
    {
        var network = name == "small" ? Network.Small() : Network.ResNet18();
        using var engine = LoadedEngine.Start(network);
        // Only the device thread computes: a second thread with a team of its own would end all spinning.
        var served = ServedTask.Base(
            new TaskDefinition(ReadoutMode.Head, LossKind.Classes, [.. network.Spec.Classes.Take(2)], [0, 1], [0, 1]),
            network.Digest
        );
        var load = new Requests(engine, Pictures.Encoded(Images, network.Spec.InputSize));
        Console.WriteLine(engine.Versions);
        while (Console.ReadLine() is { } line)
        {
            var requests = int.Parse(line, CultureInfo.InvariantCulture);
            var seconds =
                requests > 0
                    ? load.Seconds(requests, _ => served)
                    : Enumerable
                        .Range(0, Singles)
                        .Select(i => load.Alone(() => served, i))
                        .Order()
                        .ElementAt(Singles / 2);
            Console.WriteLine(seconds.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    private string Answer() =>
        _process.StandardOutput.ReadLine() ?? throw new BenchmarkException("An engine's process ended by itself.");

    /// <summary>The program's file, where .NET's own host runs it.</summary>
    private static string[] Program() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [typeof(EngineProcess).Assembly.Location]
            : [];
}
