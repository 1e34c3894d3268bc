using System.CommandLine;
using ComodCluster.Client;

namespace ComodCluster.Cli.Commands.Tasks;

internal sealed class RevertCommand : ClientCommand
{
    private readonly Argument<string> _name = Commands.Arguments.Name("task");

    public RevertCommand(Terminal terminal)
        : base(
            terminal,
            "revert",
            "Goes back to what was before the adaptation of the active version: the first version of the adaptation "
                + "before, or the base.",
            "comod task revert gear-or-washer"
        )
    {
        Arguments.Add(_name);
        ConnectionOptions.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult arguments, ComodClient client, CancellationToken cancellation)
    {
        var name = arguments.GetRequiredValue(_name);
        var task = await client.Tasks.Get(name, cancellation);
        if (task.ActiveVersion == 0)
        {
            Terminal.Line($"Task {name} is served by the base: there is nothing before it.");
            return 0;
        }
        var versions = (await client.Tasks.Versions(name, cancellation)).OrderBy(version => version.Version).ToArray();
        var job = versions.Single(version => version.Version == task.ActiveVersion).Job;
        // An adaptation activates the first of the versions that it makes.
        var earlier = versions
            .Where(version => version.Version > 0 && version.Version < task.ActiveVersion && version.Job != job)
            .ToArray();
        var before =
            earlier.Length == 0
                ? 0
                : earlier.Where(version => version.Job == earlier[^1].Job).Min(version => version.Version);
        task = await client.Tasks.Activate(name, before, cancellation);
        Terminal.Line(
            $"Task {name} is served by {(task.ActiveVersion == 0 ? "the base" : $"version {task.ActiveVersion}")}."
        );
        return 0;
    }
}
