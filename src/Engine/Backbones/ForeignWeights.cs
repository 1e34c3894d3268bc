using System.Buffers.Binary;
using System.Text;

namespace ComodCluster.Engine.Backbones;

/// <summary>Tells what a file is that is no safetensors file, by its first bytes.</summary>
internal static class ForeignWeights
{
    private const string Torch = "a PyTorch checkpoint";
    private const string Other = ": load it in PyTorch, and save the model's state_dict with torch.save";

    private static readonly (byte[] Start, string Name)[] s_known =
    [
        // Pickles of protocols 2 to 5, as torch.save wrote before version 1.6.
        ([0x80, 2], Torch),
        ([0x80, 3], Torch),
        ([0x80, 4], Torch),
        ([0x80, 5], Torch),
        ([0x89, .. "HDF\r\n"u8], "an HDF5 file, as Keras writes" + Other),
        ([.. "GGUF"u8], "a GGUF file, as llama.cpp reads" + Other),
        ([.. "GGML"u8], "a GGML file" + Other),
        ([0x93, .. "NUMPY"u8], "a NumPy array" + Other),
        ([0x1f, 0x8b], "compressed with gzip: upload what is inside"),
        ([.. "BZh"u8], "compressed with bzip2: upload what is inside"),
        ([0xfd, .. "7zXZ"u8], "compressed with xz: upload what is inside"),
        ([0x28, 0xb5, 0x2f, 0xfd], "compressed with zstd: upload what is inside"),
        ([.. "Rar!"u8], "a RAR archive: upload what is inside"),
        ([.. "7z"u8, 0xbc, 0xaf], "a 7z archive: upload what is inside"),
        ([.. "version https://git-lfs"u8], "a pointer of Git LFS: fetch the file itself with `git lfs pull`"),
        ([.. "<"u8], "a web page: download the file itself"),
        ([.. "{"u8], "JSON text: upload the weights themselves"),
    ];

    /// <summary>What it is and what to do, as the rest of "The file is ..."; null where nobody can tell.</summary>
    public static string? Describe(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("PK\x03\x04"u8))
            return Zip(file);
        foreach (var (start, name) in s_known)
            if (file.StartsWith(start))
                return name;
        return IsOnnx(file) ? "an ONNX model" : null;
    }

    /// <summary>By the name of the first entry.</summary>
    private static string Zip(ReadOnlySpan<byte> file)
    {
        const int lengthAt = 26,
            nameAt = 30;
        var name = "";
        if (file.Length > nameAt)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(file[lengthAt..]);
            name = Encoding.UTF8.GetString(file[nameAt..][..Math.Min(length, file.Length - nameAt)]);
        }
        return name.EndsWith(".pkl", StringComparison.Ordinal) ? Torch
            : name.EndsWith(".npy", StringComparison.Ordinal) ? "a NumPy archive (.npz)" + Other
            : name is "metadata.json" or "config.json" ? "a Keras model" + Other
            : "a zip: upload the weights inside";
    }

    /// <summary>A protocol buffer whose first fields are a small ir_version and the producer's name.</summary>
    public static bool IsOnnx(ReadOnlySpan<byte> file) =>
        file is [0x08, < 32, 0x12, var length, ..]
        && file.Length > 4 + length
        && length > 0
        && Ascii.IsValid(file.Slice(4, length));
}
