using System.CommandLine;
using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Journals;
using Spectre.Console;

namespace ComodCluster.Lab.Reproduce;

/// <summary><c>reproduce</c></summary>
internal sealed class ReproduceCommand : ExampledCommand
{
    private readonly Argument<string?> _name = new("name")
    {
        Description = "Which; without it all are listed.",
        HelpName = "NAME",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _quick = new("--quick")
    {
        Description = "Few seeds and few points, in seconds: shows that it runs, and nothing else.",
    };
    private readonly Option<FileInfo?> _data = new("--dataset")
    {
        Description =
            "Zip of class folders that image tasks are composed of, not the built-in scenes; for those that learn "
            + "from images.",
        HelpName = "FILE.zip",
    };

    private readonly Option<FileInfo?> _settings = new("--settings")
    {
        Description =
            "Rates and steps of the arms, as images-tuning writes them; for those that compare arms [those found "
            + "for CIFAR-10].",
        HelpName = "FILE.csv",
    };

    private readonly Option<DirectoryInfo?> _backbones = new("--backbones")
    {
        Description =
            "Keeps the backbones that are trained on --dataset there, and takes those that are there instead of "
            + "training them, which takes minutes.",
        HelpName = "DIR",
    };

    private readonly Option<DirectoryInfo?> _photos = new("--photos")
    {
        Description = "Folder of the archives that 'photos prepare' wrote; for those on photos.",
        HelpName = "DIR",
    };

    private readonly Option<bool> _soFar = new("--so-far")
    {
        Description = "Computes nothing: concludes from the part of an interrupted run that is in the journal.",
    };
    private readonly Option<Shard?> _shard = new("--shard")
    {
        Description =
            "Computes part I of N alone, beside other processes or machines; a run without it, on a folder with all "
            + "their journals, concludes.",
        HelpName = "I/N",
        CustomParser = result =>
        {
            try
            {
                return Shard.Parse(result.Tokens[0].Value);
            }
            catch (FormatException e)
            {
                result.AddError(e.Message);
                return null;
            }
        },
    };

    private readonly Option<string[]> _only = new("--only")
    {
        Description =
            "Computes only the cells with this text in their names, such as a protocol, a task or an arm, and "
            + "concludes from what is there; given again, with each of the texts.",
        HelpName = "TEXT",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _check = new("--check")
    {
        Description = "Exits with 1 where a published criterion does not hold.",
    };

    private readonly Option<DirectoryInfo> _results = new("--results")
    {
        Description = "Where the results go, and the journal from which an interrupted run goes on.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo("results"),
    };

    private readonly Option<int?> _threads = Checks.Between(
        1,
        1024,
        new Option<int?>("--threads")
        {
            Description =
                "Cells computed at the same time [one for each core; on images 16, which share tiles]; more take "
                + "more memory.",
            HelpName = "N",
        }
    );

    public ReproduceCommand(Terminal terminal)
        : base(
            "reproduce",
            "Computes a published result anew and says, criterion by criterion, whether it holds; writes CSV and "
                + "plots. An interrupted run goes on where it stopped.",
            $"{LabRoot.Name} reproduce",
            $"{LabRoot.Name} reproduce neurips-decoding --quick",
            $"{LabRoot.Name} reproduce images --dataset cifar10.zip --results docs/results",
            $"{LabRoot.Name} reproduce photos --photos photos --results docs/results",
            $"{LabRoot.Name} reproduce nature-fig5 --results docs/results --so-far",
            $"{LabRoot.Name} reproduce nature-fig5 --results docs/results --shard 2/8"
        )
    {
        Arguments.Add(_name);
        Option[] all =
        [
            _quick,
            _data,
            _settings,
            _backbones,
            _photos,
            _results,
            _soFar,
            _only,
            _shard,
            _check,
            _threads,
            OutputOption.Instance,
        ];
        foreach (var option in all)
            Options.Add(option);
        RefusedOption.Renamed(this, "--data", _data);
        SetAction(
            (arguments, cancellation) =>
                Failures.Guard(
                    terminal,
                    async () =>
                    {
                        if (arguments.GetValue(_name) is not { } name)
                            return List(terminal, arguments.IsJson());
                        var named = Reproductions.Find(name);
                        var options = new ReproductionOptions(
                            arguments.GetValue(_quick),
                            Data(arguments, named),
                            Settings(arguments, named),
                            Backbones(arguments),
                            Photos(arguments, named)
                        );
                        var run = new ReproductionRun(
                            named,
                            options,
                            arguments.GetRequiredValue(_results),
                            arguments.GetValue(_threads),
                            arguments.GetRequiredValue(_only),
                            terminal
                        );
                        if (arguments.GetValue(_shard) is { } shard)
                        {
                            if (arguments.GetValue(_soFar) || arguments.GetValue(_check))
                                throw new UsageException("--shard concludes nothing: leave --so-far and --check out.");
                            var part = await run.ExecuteShard(shard, cancellation);
                            if (arguments.IsJson())
                                terminal.Json(part);
                            else
                                part.Write(terminal);
                            return 0;
                        }
                        var outcome = await run.Execute(arguments.GetValue(_soFar), cancellation);
                        if (arguments.IsJson())
                            terminal.Json(outcome);
                        else
                            outcome.Write(terminal);
                        return arguments.GetValue(_check) && outcome.Criteria.Any(criterion => !criterion.Holds)
                            ? Failures.Failed
                            : 0;
                    },
                    cancellation
                )
        );
    }

    private FileInfo? Data(ParseResult arguments, ReproductionName named)
    {
        if (arguments.GetValue(_data) is not { } data)
            return null;
        if (!named.TakesData)
            throw new UsageException($"'{named.Name}' makes its own data: leave --dataset out.");
        return data.Exists
            ? data
            : throw new UsageException($"There is no file {data.FullName}: give --dataset a zip of class folders.");
    }

    private FileInfo? Settings(ParseResult arguments, ReproductionName named)
    {
        if (arguments.GetValue(_settings) is not { } settings)
            return null;
        if (!named.TakesSettings)
            throw new UsageException($"'{named.Name}' takes no settings of arms: leave --settings out.");
        return settings.Exists
            ? settings
            : throw new UsageException(
                $"There is no file {settings.FullName}: give --settings a file that images-tuning wrote."
            );
    }

    private DirectoryInfo? Backbones(ParseResult arguments) =>
        arguments.GetValue(_backbones) is { } kept && arguments.GetValue(_data) is null
            ? throw new UsageException("No backbone is trained without --dataset: leave --backbones out.")
            : arguments.GetValue(_backbones);

    private DirectoryInfo? Photos(ParseResult arguments, ReproductionName named)
    {
        if (arguments.GetValue(_photos) is not { } photos)
            return null;
        if (!named.TakesPhotos)
            throw new UsageException($"'{named.Name}' does not run on photos: leave --photos out.");
        return photos.Exists
            ? photos
            : throw new UsageException($"There is no folder {photos.FullName}: give --photos the one of the archives.");
    }

    private static int List(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Json(Reproductions.All.Select(known => new { known.Name, known.Summary }));
            return 0;
        }
        var table = new Table { Border = TableBorder.Rounded }
            .AddColumn("name")
            .AddColumn("what");
        foreach (var known in Reproductions.All)
            table.AddRow(Markup.Escape(known.Name), Markup.Escape(known.Summary));
        terminal.Out.Write(table);
        return 0;
    }
}
