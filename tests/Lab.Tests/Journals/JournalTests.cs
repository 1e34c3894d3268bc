using ComodCluster.Infrastructure.Journals;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Lab.Tests.Journals;

public sealed class JournalTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly JournalHead _head = new("a", "1.0", [new("seeds", "10", "chosen here")]);

    private string Path => System.IO.Path.Combine(_folder.Path, "a.journal.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_AfterAppend_KnowsTheCellToTheLastBit()
    {
        var observation = new Observation("study", "arm", 10, 3, 1.0 / 3);
        Begin(new JournalEntry("cell", 1.5, [observation]));
        using var journal = Journal.Open(Path, _head);
        Assert.Equal(observation, Assert.Single(journal.Entries["cell"].Observations));
    }

    [Fact]
    public void Open_LastLineTorn_DropsThatCellAlone()
    {
        Begin(new JournalEntry("whole", 1, []), new JournalEntry("torn", 1, []));
        File.WriteAllText(Path, File.ReadAllText(Path)[..^4]);
        using (var journal = Journal.Open(Path, _head))
        {
            Assert.Equal(["whole"], journal.Entries.Keys);
            journal.Append(new JournalEntry("torn", 1, []));
        }
        using var again = Journal.Open(Path, _head);
        Assert.Equal(["torn", "whole"], again.Entries.Keys.Order());
    }

    [Fact]
    public void Open_LineDamaged_IsRefusedAndNamed()
    {
        Begin(new JournalEntry("first", 1, []), new JournalEntry("second", 1, []));
        var lines = File.ReadAllLines(Path);
        File.WriteAllLines(Path, [lines[0], "{", lines[2]]);
        Assert.Contains("Line 2", Refusal(_head));
    }

    [Fact]
    public void Open_OtherConstant_IsRefusedAndNamesBothValues()
    {
        Begin();
        var sentence = Refusal(_head with { Constants = [new("seeds", "11", "chosen here")] });
        Assert.Contains("another 'seeds' (10, now 11)", sentence);
        Assert.Contains("--results", sentence);
    }

    [Fact]
    public void Open_ConstantAdded_IsRefused()
    {
        Begin();
        Assert.Contains(
            "'rate' (none, now 1)",
            Refusal(_head with { Constants = [.. _head.Constants, new("rate", "1", "")] })
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_OtherConstantThatNamesCells_KeepsTheCellsThatAreThere(bool before)
    {
        JournalHead WithRate(string value, bool names) =>
            _head with
            {
                Constants = [.. _head.Constants, new("rate", value, "") { NamesCells = names }],
            };
        using (var journal = Journal.Open(Path, WithRate("1", before)))
            journal.Append(new JournalEntry("rate 1", 1, []));
        using (var journal = Journal.Open(Path, WithRate("2", true)))
            Assert.Equal(["rate 1"], journal.Entries.Keys);
        Assert.Contains("another 'seeds'", Refusal(WithRate("2", true) with { Constants = [new("seeds", "11", "")] }));
    }

    [Fact]
    public void Open_OtherVersion_IsRefused()
    {
        Begin();
        Assert.Contains("version 1.0, and this is 2.0", Refusal(_head with { Version = "2.0" }));
    }

    [Fact]
    public void Open_TwiceAtOnce_IsRefused()
    {
        using var journal = Journal.Open(Path, _head);
        Assert.Throws<IOException>(() => Journal.Open(Path, _head));
    }

    [Fact]
    public void Open_OfAnEarlierVersionWithoutMachine_NamesTheOneThatAddsCells()
    {
        File.WriteAllText(
            Path,
            """
            {"Name":"a","Version":"1.0","Constants":[{"Name":"seeds","Value":"10","Source":"chosen here"}]}
            {"Cell":"first","Seconds":1,"Observations":[]}

            """
        );
        using var journal = Journal.Open(Path, _head with { Machine = "here" });
        Assert.Equal(["first"], journal.Entries.Keys);
        Assert.Empty(journal.Machines);
        journal.Append(new JournalEntry("second", 1, []));
        Assert.Equal(["here"], journal.Machines);
    }

    [Fact]
    public void Open_OfAnotherMachine_NamesItOnlyForItsCells()
    {
        using (Journal.Open(Path, _head with { Machine = "there" })) { }
        using (var journal = Journal.Open(Path, _head with { Machine = "here" }))
            journal.Append(new JournalEntry("cell", 1, []));
        using (var journal = Journal.Open(Path, _head with { Machine = "elsewhere" }))
        {
            Assert.Equal(["here"], journal.Machines);
            journal.Append(new JournalEntry("another", 1, []));
            Assert.Equal(["elsewhere", "here"], journal.Machines.Order());
        }
        using var again = Journal.OpenToRead(Path, _head);
        Assert.Equal(["elsewhere", "here"], again.Machines.Order());
    }

    [Fact]
    public void OpenToRead_LastLineTorn_LeavesTheFileAsItIs()
    {
        Begin(new JournalEntry("whole", 1, []), new JournalEntry("torn", 1, []));
        var torn = File.ReadAllText(Path)[..^4];
        File.WriteAllText(Path, torn);
        using (var journal = Journal.OpenToRead(Path, _head))
            Assert.Equal(["whole"], journal.Entries.Keys);
        Assert.Equal(torn, File.ReadAllText(Path));
    }

    private void Begin(params JournalEntry[] entries)
    {
        using var journal = Journal.Open(Path, _head);
        foreach (var entry in entries)
            journal.Append(entry);
    }

    private string Refusal(JournalHead head) =>
        Assert.Throws<InvalidDataException>(() => Journal.Open(Path, head)).Message;
}
