using ComodCluster.Cli.Commands.Data.Get;
using ComodCluster.Cli.Commands.Downloads;
using ComodCluster.Cli.Commands.Files;
using ComodCluster.Cli.Silos;
using ComodCluster.Client;
using Spectre.Console;

namespace ComodCluster.Cli.Commands;

/// <summary>Exit codes, and the one sentence on standard error that goes with them.</summary>
internal static class Failures
{
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Interrupted = 130;

    /// <summary>Runs a command and turns what it throws into an exit code.</summary>
    public static async Task<int> Guard(Terminal terminal, Func<Task<int>> command, CancellationToken cancellation)
    {
        try
        {
            return await command();
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // Whatever broke, broke because everything ends: the terminal sends Ctrl-C to the silo too.
            terminal.Note("Interrupted.");
            return Interrupted;
        }
        catch (ComodApiException e)
        {
            return Tell(terminal, e.Code, e.Detail, Failed);
        }
        catch (SiloException e)
        {
            return Tell(terminal, e.Code, e.Message, Failed);
        }
        catch (JobFailedException e)
        {
            return Tell(terminal, e.Code, e.Message, Failed);
        }
        catch (DownloadException e)
        {
            return Tell(terminal, e.Code, e.Message, Failed);
        }
        catch (DataSourceException e)
        {
            return Tell(terminal, e.Code, e.Message, Failed);
        }
        catch (UsageException e)
        {
            return Tell(terminal, "usage", e.Message, Usage);
        }
        catch (FileException e)
        {
            return Tell(terminal, "file", e.Message, Failed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Tell(terminal, "file", e.Message, Failed);
        }
    }

    public static int Tell(Terminal terminal, string code, string sentence, int exitCode)
    {
        terminal.Error.MarkupLineInterpolated($"[red]error {code}:[/] {Advice.OfCommands(sentence)}");
        return exitCode;
    }
}
