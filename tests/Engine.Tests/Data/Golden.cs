using System.Runtime.InteropServices;

namespace ComodCluster.Engine.Tests.Data;

/// <summary>Files made by Goldens/generate_goldens.py.</summary>
internal static class Golden
{
    public const int Width = 61,
        Height = 47;

    public static byte[] Bytes(string name) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "Goldens", name));

    public static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    public static int MaxDifference(byte[] expected, byte[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
    }
}
