using ComodCluster.Silo.Problems;

namespace ComodCluster.Silo.Tests.Problems;

public class EchoTests
{
    [Theory]
    [InlineData("There is no task 'parts'.")]
    [InlineData("take one of registered, adapting, ready, failed, deleted.")]
    [InlineData("")]
    public void Shortened_NothingLong_IsTheSentence(string sentence) =>
        Assert.Equal(sentence, Echo.Shortened(sentence));

    [Theory]
    [InlineData("n")]
    [InlineData("n n")]
    [InlineData("🐛")]
    public void Shortened_LongName_KeepsItsEndsAndTheSentence(string part)
    {
        var name = string.Concat(Enumerable.Repeat(part, 20_000));
        var told = Echo.Shortened($"There is no task '{name}': create it.");
        Assert.StartsWith($"There is no task '{part}", told);
        Assert.EndsWith($"{part}': create it.", told);
        Assert.Contains("…", told);
        Assert.InRange(told.Length, 100, 200);
        Assert.Equal(told, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(told)));
    }
}
