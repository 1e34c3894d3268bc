using System.Net.Http.Headers;
using System.Text;

namespace ComodCluster.Silo.Tests.Fuzzing;

/// <summary>One request that can be made again: all of it follows from seed and number.</summary>
/// <param name="Target">Path and query as they are sent, byte for byte.</param>
/// <param name="Headers">Of request and body.</param>
/// <param name="Body">Null: none.</param>
internal sealed record FuzzRequest(
    int Number,
    HttpMethod Method,
    string Target,
    IReadOnlyList<(string Name, string Value)> Headers,
    byte[]? Body
)
{
    private const int Shown = 300;

    private static readonly UriCreationOptions AsWritten = new()
    {
        DangerousDisablePathAndQueryCanonicalization = true,
    };

    public HttpRequestMessage ToMessage(Uri silo)
    {
        var message = new HttpRequestMessage(
            Method,
            new Uri($"{silo.GetLeftPart(UriPartial.Authority)}{Target}", AsWritten)
        );
        if (Body is not null)
            message.Content = new ByteArrayContent(Body);
        foreach (var (name, value) in Headers)
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        return message;
    }

    public override string ToString()
    {
        var text = new StringBuilder($"request {Number}: {Method} {Target[..Math.Min(Target.Length, Shown)]}");
        foreach (var (name, value) in Headers)
            text.Append($"\n  {name}: {value}");
        if (Body is not null)
            text.Append($"\n  {Body.Length} bytes: {Encoding.Latin1.GetString(Body, 0, Math.Min(Body.Length, Shown))}");
        return text.ToString();
    }
}
