using System.CommandLine;
using System.Text.Json;
using ComodCluster.Client.Sdk;
using ComodCluster.Contracts.Tasks;

namespace ComodCluster.Client.Commands.Tasks;

/// <summary><c>comod task import</c></summary>
internal sealed class ImportTasksCommand : ClientCommand
{
    private const int Together = ITaskRegistrar.MaxTasks;

    private readonly Argument<FileInfo> _file = new("file") { Description = "One task per line, as POST /v1/tasks takes it: {\"name\":\"a\",\"backbone\":\"scenes\",\"dataset\":\"gears\"}.", HelpName = "FILE.jsonl" };

    public ImportTasksCommand(Terminal terminal) : base(terminal, "import", "Registers many tasks, a thousand at a time. Repeated, it registers what is missing.", "comod task import tasks.jsonl")
    {
        Arguments.Add(_file.AcceptExistingOnly());
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var file = arguments.GetRequiredValue(_file);
        var (registered, refused, line) = (0, 0, 0);
        var specs = new List<(int Line, TaskSpec Spec)>(Together);
        await foreach (var text in File.ReadLinesAsync(file.FullName, cancellation))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            specs.Add((line, Parsed(file.Name, line, text)));
            if (specs.Count == Together) await Send();
        }
        if (specs.Count > 0) await Send();
        if (line == 0) throw new UsageException($"'{file.Name}' is empty; write one task per line.");
        Terminal.Line($"{registered} tasks are registered{(refused > 0 ? $", {refused} were refused" : "")}.");
        return refused == 0 ? 0 : 1;

        async Task Send()
        {
            var results = await client.Tasks.CreateMany([.. specs.Select(s => s.Spec)], cancellation);
            foreach (var ((at, _), result) in specs.Zip(results))
            {
                if (result.Error is not { } error) registered++;
                else
                {
                    refused++;
                    Terminal.Note($"{file.Name}:{at}: {error.Code}: {error.Message}");
                }
            }
            specs.Clear();
        }
    }

    private static TaskSpec Parsed(string file, int line, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<TaskSpec>(text, ApiTransport.Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new UsageException($"{file}:{line} is no task ({e.Message.TrimEnd('.')}); nothing from here on was registered.");
        }
    }
}
