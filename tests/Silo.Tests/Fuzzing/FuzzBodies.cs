using System.Text;

namespace ComodCluster.Silo.Tests.Fuzzing;

/// <summary>Files that are right, and what accidents and ill will make of them.</summary>
internal static class FuzzBodies
{
    private static readonly byte[][] Files =
    [
        TinyWorld.Weights,
        TinyWorld.Archive(4),
        TinyWorld.Zip(("bars/readme.txt", "no image"u8.ToArray()), ("ramps/0.png", TinyWorld.Png(1, 0))),
        TinyWorld.Zip(("../bars/0.png", TinyWorld.Png(0, 0)), ("b\0rs/0.png", TinyWorld.Png(0, 0))),
        TinyWorld.Png(0, 0),
        TinyWorld.Png(2, 1),
        [],
        [0],
        "hello"u8.ToArray(),
        "{}"u8.ToArray(),
        [0xFF, 0xD8, 0xFF, 0xE0],
        [0x1F, 0x8B, 8, 0],
        [.. BitConverter.GetBytes(ulong.MaxValue), .. "{}"u8],
        [.. BitConverter.GetBytes(2UL), .. "{}"u8],
        [.. BitConverter.GetBytes(8UL), .. "{\"a\":{}}"u8],
    ];

    /// <summary>Each file as it is in one of three cases.</summary>
    public static byte[] File(Random random)
    {
        var file = Files[random.Next(Files.Length)];
        return random.Next(3) == 0 ? file : Damaged(file, random);
    }

    /// <summary>Some bytes changed, lost, doubled or added.</summary>
    public static byte[] Damaged(byte[] file, Random random)
    {
        var bytes = file.ToList();
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 64)));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 64))));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>A form of files, now and then with a wrong boundary, and its content type.</summary>
    public static (string Type, byte[] Body) Form(Random random)
    {
        using var body = new MemoryStream();
        for (var parts = random.Next(5); parts > 0; parts--)
        {
            var name = random.Next(4) == 0 ? "" : "; name=\"image\"; filename=\"a.png\"";
            body.Write(Encoding.Latin1.GetBytes($"--fuzz\r\nContent-Disposition: form-data{name}\r\n\r\n"));
            body.Write(File(random));
            body.Write("\r\n"u8);
        }
        body.Write(random.Next(4) == 0 ? "--fuz"u8 : "--fuzz--\r\n"u8);
        return (
            random.Next(8) switch
            {
                0 => "multipart/form-data",
                1 => $"multipart/form-data; boundary={new string('b', 200)}",
                _ => "multipart/form-data; boundary=fuzz",
            },
            body.ToArray()
        );
    }

    /// <summary>JSON as other encodings, editors and interrupted connections leave it.</summary>
    public static byte[] Json(string text, Random random) =>
        random.Next(20) switch
        {
            0 => [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)],
            1 => Encoding.Unicode.GetBytes(text),
            2 => Encoding.UTF8.GetBytes(text[..random.Next(text.Length + 1)]),
            3 => Damaged(Encoding.UTF8.GetBytes(text), random),
            4 => Encoding.UTF8.GetBytes(new string('[', 5_000)),
            5 => Encoding.Latin1.GetBytes(text),
            _ => Encoding.UTF8.GetBytes(text),
        };
}
