using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using static ComodCluster.Grains.Tests.Wire.WireTypes;

namespace ComodCluster.Grains.Tests.Wire;

/// <summary>The bytes of every message and of every value of an enumeration, as reviewed.</summary>
public sealed class BytesTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    [Fact]
    public void Messages_HaveTheReviewedBytes()
    {
        var actual = Path.Combine(AppContext.BaseDirectory, "Wire", "Bytes.actual.txt");
        var (before, now) = (Reviewed(), Describe());
        File.WriteAllLines(actual, now);
        Assert.True(
            before.SequenceEqual(now),
            $"The bytes of messages differ. If a member was added or its Id reserved, copy {actual} over "
                + $"tests/Grains.Tests/Wire/Bytes.txt "
                + $"and commit it; else silos of the earlier build misread "
                + $"these:\n{string.Join('\n', now.Except(before).Concat(before.Except(now)))}"
        );
    }

    [Fact]
    public void Messages_ReviewedBytes_AreRead() =>
        Assert.All(
            Reviewed(),
            line =>
            {
                var bytes = Convert.FromHexString(line.Split(' ')[^1]);
                Assert.Equal(bytes, Serializer.SerializeToArray(Serializer.Deserialize<object>(bytes)));
            }
        );

    public void Dispose() => _services.Dispose();

    private static string[] Reviewed() =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Wire", "Bytes.txt"));

    private string[] Describe() =>
        [
            .. Messages
                .Where(t => !t.IsEnum)
                .Select(t => $"message {Alias(t)} {Hex(Sample.Of(t))}")
                .Order(StringComparer.Ordinal),
            .. Messages
                .Where(t => t.IsEnum)
                .SelectMany(t =>
                    Enum.GetValues(t)
                        .Cast<object>()
                        .Select(v => $"enum {Alias(t)} {Convert.ToInt32(v, CultureInfo.InvariantCulture):00} {Hex(v)}")
                )
                .Order(StringComparer.Ordinal),
        ];

    private string Hex(object message) => Convert.ToHexStringLower(Serializer.SerializeToArray(message));
}
