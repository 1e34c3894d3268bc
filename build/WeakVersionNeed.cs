using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Marks one symbol-version need of an ELF64 library as weak, so that it loads beside an older libstdc++.
/// libLibTorchSharp.so asks for GLIBCXX_3.4.32 (GCC 13), yet its only symbol of that version,
/// std::ios_base_library_init(), has no relocation: nothing calls it. See
/// docs/decisions/0002-libtorch-on-older-systems.md.
/// </summary>
/// <remarks>
/// The file is replaced, never written in place: the output may be a hard link into the package cache.
/// </remarks>
public sealed class WeakVersionNeed : Task
{
    private const uint GnuVerneed = 0x6FFFFFFE; // SHT_GNU_verneed
    private const ushort Weak = 0x2; // VER_FLG_WEAK

    [Required]
    public string Library { get; set; }

    [Required]
    public string Version { get; set; }

    /// <summary>
    /// Patch even where the system's libstdc++ is new enough: for an output that moves to an older system.
    /// </summary>
    public bool Always { get; set; }

    public override bool Execute()
    {
        if (!Always && SystemProvides(Version))
            return true;
        var elf = File.ReadAllBytes(Library);
        int at;
        try
        {
            at = FindNeed(elf, Version);
        }
        catch (Exception e) when (e is ArgumentException || e is InvalidDataException || e is IndexOutOfRangeException)
        {
            Log.LogError(
                "{0} does not look like the library this build knows ({1}). It needs {2}, which this system's "
                    + "libstdc++ lacks: "
                    + "build on Debian 13, Ubuntu 24.04 or newer, or pin TorchSharp to the version in "
                    + "Directory.Packages.props.",
                Library,
                e.Message,
                Version
            );
            return false;
        }
        var flags = BitConverter.ToUInt16(elf, at);
        if ((flags & Weak) != 0)
            return true;
        elf[at] |= (byte)Weak;
        var patched = Library + ".patched";
        File.WriteAllBytes(patched, elf);
        File.Delete(Library);
        File.Move(patched, Library);
        Log.LogMessage(MessageImportance.High, "{0}: {1} is now a weak need", Path.GetFileName(Library), Version);
        return true;
    }

    private static bool SystemProvides(string version)
    {
        var folders = new[]
        {
            "/usr/lib/x86_64-linux-gnu",
            "/lib/x86_64-linux-gnu",
            "/usr/lib64",
            "/lib64",
            "/usr/lib",
        };
        var library = folders.Select(f => Path.Combine(f, "libstdc++.so.6")).FirstOrDefault(File.Exists);
        return library != null
            && Encoding.GetEncoding("ISO-8859-1").GetString(File.ReadAllBytes(library)).Contains(version + "\0");
    }

    /// <summary>Offset of vna_flags of the entry named <paramref name="version"/> in section .gnu.version_r.</summary>
    private static int FindNeed(byte[] elf, string version)
    {
        if (
            elf.Length < 64
            || elf[0] != 0x7F
            || elf[1] != 'E'
            || elf[2] != 'L'
            || elf[3] != 'F'
            || elf[4] != 2
            || elf[5] != 1
        )
            throw new InvalidDataException("not a little-endian ELF64 file");
        var table = checked((int)BitConverter.ToUInt64(elf, 0x28));
        int size = BitConverter.ToUInt16(elf, 0x3A),
            count = BitConverter.ToUInt16(elf, 0x3C);
        for (var i = 0; i < count; i++)
        {
            var section = table + i * size;
            if (BitConverter.ToUInt32(elf, section + 4) != GnuVerneed)
                continue;
            var need = checked((int)BitConverter.ToUInt64(elf, section + 24));
            var link = (int)BitConverter.ToUInt32(elf, section + 40);
            var strings = checked((int)BitConverter.ToUInt64(elf, table + link * size + 24));
            var entries = BitConverter.ToUInt32(elf, section + 44);
            for (var n = 0; n < entries; n++)
            {
                var aux = need + (int)BitConverter.ToUInt32(elf, need + 8);
                for (var k = BitConverter.ToUInt16(elf, need + 2); k > 0; k--)
                {
                    var name = strings + (int)BitConverter.ToUInt32(elf, aux + 8);
                    if (Encoding.ASCII.GetString(elf, name, Array.IndexOf(elf, (byte)0, name) - name) == version)
                        return aux + 4;
                    aux += (int)BitConverter.ToUInt32(elf, aux + 12);
                }
                need += (int)BitConverter.ToUInt32(elf, need + 12);
            }
        }
        throw new InvalidDataException("no need of " + version + " in .gnu.version_r");
    }
}
