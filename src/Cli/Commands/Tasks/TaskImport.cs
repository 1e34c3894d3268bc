using System.Text.Json;
using ComodCluster.Api.Tasks;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

/// <summary>Registers the tasks of a file, one per line, a thousand at a time.</summary>
internal sealed class TaskImport(ComodClient client, Terminal terminal)
{
    private readonly List<(int Line, TaskSpec Spec)> _next = new(CreateTasksRequest.MaxTasks);
    private int _registered,
        _refused;

    /// <returns>The exit code: 1 where a task was refused.</returns>
    /// <exception cref="UsageException">A line is no task, or there is none.</exception>
    public async Task<int> Run(FileInfo file, CancellationToken cancellation)
    {
        var line = 0;
        await foreach (var text in File.ReadLinesAsync(file.FullName, cancellation))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            _next.Add((line, Parsed(file.Name, line, text)));
            if (_next.Count == CreateTasksRequest.MaxTasks)
                await Send(file.Name, cancellation);
        }
        if (_next.Count > 0)
            await Send(file.Name, cancellation);
        if (_registered + _refused == 0)
            throw new UsageException($"There is no task in {file.Name}; write one per line.");
        terminal.Line($"{_registered} tasks are registered{(_refused > 0 ? $", {_refused} were refused" : "")}.");
        return _refused == 0 ? 0 : 1;
    }

    private async Task Send(string file, CancellationToken cancellation)
    {
        var results = await client.Tasks.CreateMany([.. _next.Select(n => n.Spec)], cancellation);
        foreach (var ((line, _), result) in _next.Zip(results))
        {
            if (result.Error is not { } error)
                _registered++;
            else
            {
                _refused++;
                terminal.Note($"{file}:{line}: {error.Code}: {Advice.OfCommands(error.Message)}");
            }
        }
        _next.Clear();
    }

    private TaskSpec Parsed(string file, int line, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<TaskSpec>(text, JsonSerializerOptions.Web)
                ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new UsageException(
                $"{file}:{line} is no task ({e.Message.TrimEnd('.')}); {_registered} tasks before it are "
                    + $"registered: correct the line and import the file again."
            );
        }
    }
}
