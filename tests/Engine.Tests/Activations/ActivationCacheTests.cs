using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tests.Execution;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Activations;

public sealed class ActivationCacheTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("comod-test-");
    private readonly Backbone _backbone = Backbone.Load(Tiny.Weights, CPU);
    private readonly DatasetPack _pack = Tiny.Pack();
    private readonly Cut _cut = Tiny.Spec.Resolve(Cut.Parse("layer1"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Folder => _folder.FullName;

    private FileInfo[] Files => _folder.GetFiles("*.prefix", SearchOption.AllDirectories);

    [Theory]
    [InlineData("layer1")]
    [InlineData("pool")]
    [InlineData("record")]
    public void Rows_FromMemoryFilesOrComputed_AreTheSameBits(string at)
    {
        ActivationPlace cut = at == "record" ? ActivationPlace.Record : Tiny.Spec.Resolve(Cut.Parse(at));
        float[] computed,
            remembered,
            read;
        using (var none = new ActivationCache(0, 64))
            computed = Values(none, cut);
        using (var cache = new ActivationCache(1 << 20, 64, Folder, 1 << 20))
        {
            Assert.Equal(computed, Values(cache, cut));
            remembered = Values(cache, cut);
            Assert.Equal((10, 0, 10), (cache.Hits, cache.DiskHits, cache.Misses));
            Assert.Equal(10L * ActivationCache.ItemBytes(_backbone, cut), cache.Bytes);
        }
        using (var restarted = new ActivationCache(0, 64, Folder, 1 << 20))
        {
            Assert.True(restarted.Holds(_backbone, cut, new PackImage(_pack, 3)));
            Assert.False(restarted.Holds(_backbone, cut, new PackImage(_pack, 20)));
            read = Values(restarted, cut);
            Assert.Equal((0, 10, 0), (restarted.Hits, restarted.DiskHits, restarted.Misses));
            Assert.True(restarted.DiskBytes > 10L * ActivationCache.ItemBytes(_backbone, cut));
        }
        Assert.Equal(computed, remembered);
        Assert.Equal(computed, read);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public void Records_InMemoryOrAFile_AreReadAsTheyCameAndLeaveNothing(long inMemory)
    {
        var layout = RecordLayout.Of(Tiny.Spec);
        using var cache = new ActivationCache(1 << 20, 64);
        var values = Values(cache, ActivationPlace.Record);
        using (var records = new HostRecords(layout, 10, Folder, inMemory))
        {
            records.Add(values.AsSpan(0, 3 * layout.Width));
            records.Add(values.AsSpan(3 * layout.Width));
            Assert.Equal((10, inMemory == 0 ? 1 : 0), (records.Count, _folder.GetFiles().Length));
            var record = new float[layout.Width];
            foreach (var row in new[] { 9, 0, 4, 9 })
            {
                records.Read(row, record);
                Assert.Equal(values[(row * layout.Width)..][..layout.Width], record);
            }
        }
        Assert.Empty(_folder.GetFiles());
    }

    [Theory]
    [InlineData("cut off", 10)]
    [InlineData("other version", 10)]
    [InlineData("no such file", 10)]
    [InlineData("a byte of an item", 1)]
    public void Rows_OfADamagedFile_AreComputedAgainAndCounted(string damage, int computedAgain)
    {
        float[] expected;
        using (var cache = new ActivationCache(0, 64, Folder, 1 << 20))
            expected = Values(cache, _cut);
        var file = Files.Single();
        using (var bytes = file.Open(FileMode.Open))
        {
            if (damage == "cut off")
                bytes.SetLength(bytes.Length - 1);
            else if (damage == "no such file")
                bytes.SetLength(1);
            else
            {
                bytes.Position =
                    damage == "other version"
                        ? 8
                        : bytes.Length - (_pack.Count - 3) * ActivationCache.ItemBytes(_backbone, _cut);
                var value = bytes.ReadByte();
                bytes.Position--;
                bytes.WriteByte((byte)(value ^ 1));
            }
        }
        using (var cache = new ActivationCache(0, 64, Folder, 1 << 20))
        {
            Assert.Equal(expected, Values(cache, _cut));
            Assert.Equal((1, computedAgain), (cache.Damaged, cache.Misses));
        }
        using (var cache = new ActivationCache(0, 64, Folder, 1 << 20))
        {
            Assert.Equal(expected, Values(cache, _cut));
            Assert.Equal((0, 0), (cache.Damaged, cache.Misses));
        }
    }

    [Fact]
    public void Rows_WhileAnotherHasTheFile_GoWithoutIt()
    {
        using var first = new ActivationCache(0, 64, Folder, 1 << 20);
        var expected = Values(first, _cut);
        using var second = new ActivationCache(0, 64, Folder, 1 << 20);
        Assert.Equal(expected, Values(second, _cut));
        Assert.Equal((10, 1), (second.Misses, second.DiskFailures));
        Assert.Equal(expected, Values(first, _cut));
        Assert.Equal(10, first.DiskHits);
    }

    [Fact]
    public void Rows_WhereTheFolderCannotBeMade_GoWithoutFiles()
    {
        var blocked = Path.Combine(Folder, "file");
        File.WriteAllText(blocked, "");
        using var cache = new ActivationCache(0, 64, blocked, 1 << 20);
        Assert.NotEmpty(Values(cache, _cut));
        Assert.True(cache.DiskFailures > 0);
    }

    [Fact]
    public void Rows_OverTheDiskBudget_DropTheFilesUsedLongestAgo()
    {
        var item = ActivationCache.ItemBytes(_backbone, _cut);
        using var other = Tiny.Pack(seed: 9);
        using (var cache = new ActivationCache(0, 64, Folder, 1 << 20))
            Values(cache, _cut);
        using (var cache = new ActivationCache(0, 64, Folder, 4096 + 15L * item))
        {
            Values(cache, _cut, pack: other);
            Assert.InRange(cache.DiskBytes, 10L * item, 4096 + 15L * item);
            Assert.True(cache.Holds(_backbone, _cut, new PackImage(other, 9)));
        }
        Assert.Single(Files);
        using var tiny = new ActivationCache(0, 64, Folder, 1);
        Assert.NotEmpty(Values(tiny, _cut)); // nothing fits: nothing is kept, nothing fails
    }

    [Fact]
    public void Rows_OverTheMemoryBudget_AreComputedEachTime()
    {
        var item = ActivationCache.ItemBytes(_backbone, _cut);
        using var cache = new ActivationCache(4L * item, 64);
        Values(cache, _cut);
        Values(cache, _cut);
        Assert.Equal((4, 16, 4L * item), (cache.Hits, cache.Misses, cache.Bytes));
        var needs = cache.Needs(
            _backbone,
            Enumerable
                .Range(0, 10)
                .Concat(Enumerable.Range(5, 10))
                .Select(i => ((ActivationPlace)_cut, new PackImage(_pack, i)))
        );
        Assert.Equal(new ActivationNeeds(15, 15L * item, 11, false, $"{_cut}"), needs);
        Assert.Contains("11 of 15 images", needs.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Forget_ATenantADataSetOrABackbone_FreesMemoryAndFilesOfThatAlone()
    {
        using var cache = new ActivationCache(1 << 20, 64, Folder, 1 << 20);
        using var other = Tiny.Pack(seed: 9);
        Values(cache, _cut, "ann");
        Values(cache, _cut, "bob");
        Assert.Equal(20, cache.Misses); // tenants share nothing
        Values(cache, _cut, "bob", other);
        Assert.Equal(3, Files.Length);
        var before = cache.Bytes + cache.DiskBytes;
        var freed = cache.Forget("ann");
        Assert.Equal(before - cache.Bytes - cache.DiskBytes, freed);
        Assert.Equal(2, Files.Length);
        Assert.True(cache.Forget("bob", other.Manifest.Digest) > 0);
        Assert.False(cache.Holds(_backbone, _cut, new PackImage(other, 1, "bob")));
        Assert.True(cache.Holds(_backbone, _cut, new PackImage(_pack, 1, "bob")));
        Assert.True(cache.Forget(backbone: _backbone.Digest) > 0);
        Assert.Equal((0, 0), (cache.Bytes, cache.DiskBytes));
        Assert.Empty(Files);
    }

    [Fact]
    public void Ahead_AnUnreadableImage_ThrowsAtItsBatchAndLeavesNothing()
    {
        using var broken = Tiny.PackWithABrokenImage();
        var before = Tiny.LiveTensors();
        var seen = 0;
        var e = Assert.Throws<InputException>(() =>
        {
            foreach (
                var (images, decoded) in DecodedBatch.Ahead(
                    Tiny.Spec,
                    Enumerable.Range(0, 12).Select(i => new PackImage(broken, i)),
                    4
                )
            )
            {
                using (decoded)
                {
                    using var scope = NewDisposeScope();
                    Assert.Equal([64, 3, Tiny.Side, Tiny.Side], decoded.Batch(_backbone, [0, 1, 2, 3], 64).shape);
                    seen += images.Length;
                }
            }
        });
        Assert.Equal(("image-unreadable", 4, before), (e.Code, seen, Tiny.LiveTensors()));
    }

    [Fact]
    public async Task Adapt_WithoutACacheFromMemoryOrFromFiles_GivesTheSameBits()
    {
        var states = new List<byte[]>();
        foreach (
            var options in new[]
            {
                Tiny.Options with
                {
                    ActivationCacheBytes = 0,
                },
                Tiny.Options,
                Tiny.Options with
                {
                    ActivationCacheBytes = 0,
                    ActivationFolder = Folder,
                },
                Tiny.Options with
                {
                    ActivationCacheBytes = 0,
                    ActivationFolder = Folder,
                },
            }
        )
        {
            await using var engine = await Tiny.Engine(options);
            var recorder = new Recorder();
            Assert.Equal(24, (await engine.Needs(Tiny.Work(_pack, Tiny.Settings))).Images);
            // Two jobs on the same images at once.
            var results = await Task.WhenAll(
                engine.Adapt(Tiny.Work(_pack, Tiny.Settings), recorder, Cancellation),
                engine.Adapt(Tiny.Work(_pack, Tiny.Settings), new Recorder(), Cancellation)
            );
            states.AddRange(results.Select(r => r[0].State.Serialize()));
            if (states.Count == 8)
                Assert.Equal(0, engine.Statistics.ActivationMisses);
            await engine.ForgetActivations("nobody");
        }
        Assert.All(states, s => Assert.Equal(states[0], s));
        await using (var engine = await Tiny.Engine(Tiny.Options with { ActivationFolder = Folder }))
            Assert.True(await engine.ForgetActivations("") > 0);
        Assert.Empty(Files);
    }

    [Fact]
    public async Task Adapt_WithACacheBelowOneImage_IsRefusedWithTheBytes()
    {
        await using var engine = await Tiny.Engine(Tiny.Options with { ActivationCacheBytes = 100 });
        var e = await Assert.ThrowsAsync<InputException>(() =>
            engine.Adapt(Tiny.Work(_pack, Tiny.Settings), new Recorder(), Cancellation)
        );
        Assert.Equal("prefix-cache-too-small", e.Code);
        Assert.Matches("100 bytes and the activations of one image take [0-9]+", e.Message);
    }

    public void Dispose()
    {
        _backbone.Dispose();
        _pack.Dispose();
        _folder.Delete(recursive: true);
    }

    private float[] Values(ActivationCache cache, ActivationPlace place, string tenant = "", DatasetPack? pack = null)
    {
        using var scope = NewDisposeScope();
        return cache
            .Rows(
                _backbone,
                place,
                [.. Enumerable.Range(0, 10).Select(i => (PackImage?)new PackImage(pack ?? _pack, i, tenant))]
            )
            .contiguous()
            .data<float>()
            .ToArray();
    }
}
