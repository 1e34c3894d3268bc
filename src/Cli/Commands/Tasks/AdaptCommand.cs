using System.CommandLine;
using ComodCluster.Api.Tasks;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

internal sealed class AdaptCommand : ClientCommand
{
    private readonly Argument<string> _name = Commands.Arguments.Name("task");
    private readonly Option<string> _methods = new("--methods")
    {
        Description =
            "One or more of "
            + string.Join(", ", Enum.GetValues<Method>().Where(m => !m.IsExperimental()).Select(Format.Name))
            + ", separated by commas; the first one's version becomes active. auto, alone, compares candidates and says "
            + "which it took and why.",
        HelpName = "A,B",
        DefaultValueFactory = _ => "comodulation",
    };

    private readonly Option<int> _seeds = Checks.Between(
        1,
        100,
        new Option<int>("--seeds")
        {
            Description = "Seeds, from 0 on.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        }
    );
    private readonly Option<string?> _id = new("--id")
    {
        Description = "Id of the job: with the same one again nothing is started twice.",
        HelpName = "ID",
    };
    private readonly Option<int?> _priority = new("--priority")
    {
        Description = "-100 to 100: among the tenant's waiting jobs higher ones begin first; 0 if not given.",
        HelpName = "N",
    };
    private readonly Option<bool> _detach = new("--detach", "-d")
    {
        Description = "Prints the job's id and does not wait; needs a silo that stays.",
    };
    private readonly Option<bool> _experimental = new("--experimental")
    {
        Description = "Allows the controls of experiments among the methods.",
        Hidden = true,
    };
    private readonly MethodSettings _settings = new();

    public AdaptCommand(Terminal terminal)
        : base(
            terminal,
            "adapt",
            "Adapts a task and waits for its new version.",
            "comod task adapt gear-or-washer",
            "comod task adapt gear-or-washer --methods auto",
            "comod task adapt gear-or-washer --methods comodulation,gain,readout --seeds 3 --examples 50 --gate off",
            "comod task adapt gear-or-washer --id monday --detach --address http://127.0.0.1:5080"
        )
    {
        Arguments.Add(_name);
        Option[] options = [_methods, _seeds, _id, _priority, _detach, _experimental];
        foreach (var option in options)
            Options.Add(option);
        _settings.AddTo(this);
        ConnectionOptions.AddTo(this);
        _methods.Validators.Add(result =>
        {
            var known = Enum.GetValues<Method>().Select(Format.Name).ToArray();
            foreach (var token in result.Tokens)
                if (Split(token.Value).FirstOrDefault(name => !known.Contains(name)) is { } other)
                    result.AddError($"'{other}' is no method: choose of {string.Join(", ", known)}.");
        });
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var name = arguments.GetRequiredValue(_name);
        var job = await client.Tasks.Adapt(
            name,
            new AdaptRequest
            {
                Id = arguments.GetValue(_id),
                Methods =
                [
                    .. Split(arguments.GetRequiredValue(_methods))
                        .Select(method => MethodSettings.Value<Method>(method)!.Value),
                ],
                Seeds = [.. Enumerable.Range(0, arguments.GetValue(_seeds))],
                Options = _settings.Read(arguments),
                Priority = arguments.GetValue(_priority),
                Experimental = arguments.GetValue(_experimental),
            },
            cancellation
        );
        if (arguments.GetValue(_detach))
        {
            Terminal.Line(job.Id);
            return 0;
        }
        var ended = await Watcher(client).Watch($"Adapting {name}", job, cancellation);
        var versions = (await client.Tasks.Versions(name, cancellation))
            .Where(version => ended.Versions.Contains(version.Version))
            .ToArray();
        VersionsTable.Write(Terminal, versions);
        return 0;
    }

    private static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
