using System.CommandLine;
using ComodCluster.Cli.Commands.Watching;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands;

/// <summary>A command that talks to a silo, and starts one where none is named.</summary>
internal abstract class ClientCommand : ExampledCommand
{
    protected ClientCommand(Terminal terminal, string name, string description, params string[] examples)
        : base(name, description, examples)
    {
        Terminal = terminal;
        SetAction(
            (arguments, cancellation) =>
                Failures.Guard(
                    terminal,
                    async () =>
                    {
                        await using var silo = await ConnectionOptions.Open(arguments, terminal, cancellation);
                        try
                        {
                            return await Run(arguments, silo.Client, cancellation);
                        }
                        catch (JobsLeftException e)
                        {
                            foreach (var job in e.Jobs)
                                terminal.Note(
                                    silo.EndsWithTheCommand
                                        ? $"Job {job} is stored; 'comod job watch {job}' goes on with it."
                                        : $"Job {job} goes on; 'comod job watch {job}' follows it again."
                                );
                            throw;
                        }
                    },
                    cancellation
                )
        );
    }

    protected Terminal Terminal { get; }

    /// <returns>The exit code.</returns>
    protected abstract Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation);

    protected JobWatcher Watcher(ComodClient client) => new(client, Terminal);
}
