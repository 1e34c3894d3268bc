using System.Net.Sockets;
using System.Text;

namespace ComodCluster.Silo.Tests.Api.Limits;

/// <summary>A request on a socket of its own that has sent the first bytes of its body and sends no more.</summary>
internal sealed class HeldRequest : IDisposable
{
    private readonly TcpClient _socket = new();

    /// <param name="length">What Content-Length promises; null: chunks.</param>
    public static async Task<HeldRequest> Send(
        Uri silo,
        string methodAndPath,
        string type,
        int sent,
        int? length,
        CancellationToken cancellation
    )
    {
        var held = new HeldRequest();
        await held._socket.ConnectAsync(silo.Host, silo.Port, cancellation);
        var stream = held._socket.GetStream();
        var head =
            $"{methodAndPath} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {type}\r\n"
            + (
                length is null ? $"Transfer-Encoding: chunked\r\n\r\n{sent:x}\r\n" : $"Content-Length: {length}\r\n\r\n"
            );
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellation);
        await stream.WriteAsync(Enumerable.Repeat((byte)' ', sent).ToArray(), cancellation);
        if (length is null)
            await stream.WriteAsync("\r\n"u8.ToArray(), cancellation);
        return held;
    }

    /// <summary>Ends a body of chunks.</summary>
    public async Task End(CancellationToken cancellation) =>
        await _socket.GetStream().WriteAsync("0\r\n\r\n"u8.ToArray(), cancellation);

    /// <summary>The answer's head and what came with it.</summary>
    public async Task<string> Answer(CancellationToken cancellation)
    {
        var answer = new StringBuilder();
        var bytes = new byte[4096];
        while (!answer.ToString().Contains("\"traceId\"", StringComparison.Ordinal))
        {
            var read = await _socket.GetStream().ReadAsync(bytes, cancellation);
            if (read == 0)
                break;
            answer.Append(Encoding.UTF8.GetString(bytes.AsSpan(0, read)));
        }
        return answer.ToString();
    }

    public void Dispose() => _socket.Dispose();
}
