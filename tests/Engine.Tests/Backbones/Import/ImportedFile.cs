using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Backbones.Import;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Engine.Tests.Backbones.Import;

/// <summary>What becomes of a weights file.</summary>
internal static class ImportedFile
{
    /// <returns>The file that is kept, which fits its description.</returns>
    public static BackboneFile Of(byte[] file, BackboneClaim? claim = null)
    {
        using var folder = new TempFolder();
        var path = folder.File("weights");
        File.WriteAllBytes(path, file);
        return At(path, claim);
    }

    public static BackboneFile At(string path, BackboneClaim? claim = null)
    {
        using var imported = ImportedWeights.Open(path, claim ?? new(null, null));
        byte[] kept = imported.IsKeptAsItIs
            ? File.ReadAllBytes(path)
            : [.. imported.Parts().SelectMany(part => part.ToArray())];
        return BackboneFile.Read(kept, own => own ?? imported.Claim.Spec!);
    }

    /// <returns>The sentence with which it is refused.</returns>
    public static string Refusal(byte[] file, string code = "weights-file", BackboneClaim? claim = null)
    {
        var refusal = Assert.Throws<InputException>(() => Of(file, claim));
        Assert.Equal(code, refusal.Code);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }
}
