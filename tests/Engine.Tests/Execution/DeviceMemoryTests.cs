using ComodCluster.Engine.Native;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Execution;

public class DeviceMemoryTests
{
    [Fact]
    public void IsExhausted_WhatLibtorchThrowsWhenItCannotAllocate_IsRecognised()
    {
        var e = Record.Exception(() => empty(1L << 46));
        Assert.NotNull(e);
        Assert.True(DeviceMemory.IsExhausted(e), e.ToString());
        var other = Record.Exception(() => ones(2, 3).reshape(5));
        Assert.NotNull(other);
        Assert.False(DeviceMemory.IsExhausted(other));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(5)]
    [InlineData(1)]
    public void ByRows_MemoryForSoManyRows_GivesTheSameRows(int room)
    {
        using var scope = NewDisposeScope();
        var rows = arange(64, ScalarType.Float32).reshape(64, 1);
        var (before, most) = (DeviceMemory.Halvings, 0L);
        var doubled = DeviceMemory.ByRows(
            64,
            (from, count) =>
            {
                if (count > room)
                    _ = empty(1L << 46); // a real refusal
                most = Math.Max(most, count);
                return rows.narrow(0, from, count) * 2;
            }
        );
        Assert.Equal((rows * 2).data<float>().ToArray(), doubled.data<float>().ToArray());
        Assert.InRange(most, 1, room);
        Assert.Equal(room < 64, DeviceMemory.Halvings > before);
    }

    [Fact]
    public void ByRows_NoMemoryForOneRow_SaysWhatToDo()
    {
        var e = Assert.Throws<DeviceMemoryException>(() => DeviceMemory.ByRows(8, (_, _) => empty(1L << 46)));
        Assert.Contains("single row", e.Message, StringComparison.Ordinal);
    }
}
