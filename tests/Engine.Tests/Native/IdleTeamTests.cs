using ComodCluster.Engine.Native;
using ComodCluster.TestInfrastructure;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Native;

public class IdleTeamTests
{
    private static int Members => ProcessThreads.Names(Environment.ProcessId).Count(name => name == IdleTeam.Name);

    [Fact]
    public void Team_BesideThatOfAComputation_ItsThreadsAndBitsStay()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "OpenMP is another library there.");
        var threads = LibTorch.Threads;
        var work = IdleTeam.FindWork()!.Value;
        var alone = Compute();

        using (new IdleTeam(threads, work))
        {
            // One more than fits beside the team that computes.
            Assert.InRange(Members, 2, Math.Max(2, Environment.ProcessorCount - threads + 2));
            Assert.Equal(alone, Compute());
            Assert.Equal(threads, LibTorch.Threads);
        }

        Assert.Equal(alone, Compute());
        Assert.True(SpinWait.SpinUntil(() => Members == 0, TimeSpan.FromSeconds(20)));
    }

    /// <summary>Sums whose order hangs on how threads share them.</summary>
    private static byte[] Compute()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var images = linspace(-1, 1, 8 * 3 * 32 * 32).reshape(8, 3, 32, 32);
        var kernels = linspace(-1, 2, 16 * 3 * 3 * 3).reshape(16, 3, 3, 3);
        var maps = nn.functional.conv2d(images, kernels, padding: [1, 1]).flatten(1); // [8, 16384]
        return cat([maps.matmul(maps.t()).flatten(), maps.sum(1), maps.flatten().sum().reshape(1)]).bytes.ToArray();
    }
}
