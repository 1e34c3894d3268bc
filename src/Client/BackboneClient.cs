using System.Globalization;
using ComodCluster.Api.Backbones;
using ComodCluster.Api.Jobs;

namespace ComodCluster.Client;

/// <summary><c>/v1/backbones</c></summary>
public sealed class BackboneClient
{
    private const string Path = "/v1/backbones";
    private readonly ApiTransport _transport;

    internal BackboneClient(ApiTransport transport) => _transport = transport;

    public Task<IReadOnlyList<BackboneInfo>> List(CancellationToken cancellation = default) =>
        _transport.List<BackboneInfo>(Path, cancellation);

    public Task<BackboneInfo> Get(string name, CancellationToken cancellation = default) =>
        _transport.Get<BackboneInfo>(Of(name), cancellation);

    /// <summary>Uploads weights of a ResNet and registers them: safetensors, a state dict of PyTorch or an ONNX
    /// model.</summary>
    /// <param name="open">Opens the file from its start; called again where the server asks to retry.</param>
    /// <param name="architecture">What the weights must be, for example <c>resnet18</c>; null: whatever they
    /// are.</param>
    /// <param name="classes">Names of the head's rows, in order; null: those that the file names, or numbers.</param>
    /// <param name="digest">SHA-256 that the server checks, lower-case hexadecimal.</param>
    /// <param name="sent">Told the bytes sent so far.</param>
    /// <param name="inputSize">Side of the images that the network is to see, 96 to 384 pixels; null: the
    /// usual.</param>
    public Task<BackboneInfo> Register(
        string name,
        Func<Stream> open,
        string? architecture = null,
        IReadOnlyList<string>? classes = null,
        string? digest = null,
        IProgress<long>? sent = null,
        int? inputSize = null,
        CancellationToken cancellation = default
    )
    {
        var query = Query.Of(
            ("architecture", architecture),
            ("inputSize", inputSize?.ToString(CultureInfo.InvariantCulture)),
            ("classes", classes is null ? null : string.Join(',', classes)),
            ("digest", digest)
        );
        return _transport.Call<BackboneInfo>(
            () =>
                new(HttpMethod.Put, Of(name) + query)
                {
                    Content = new UploadContent(open, "application/octet-stream", sent),
                    Headers = { ExpectContinue = true },
                },
            cancellation
        );
    }

    /// <summary>Starts the training, or returns the job with the same id.</summary>
    public Task<JobInfo> Train(TrainBackboneRequest request, CancellationToken cancellation = default) =>
        _transport.Post<JobInfo>($"{Of(request.Name)}/train", request, cancellation);

    /// <summary>Writes the weights as a safetensors file.</summary>
    public async Task DownloadWeights(string name, Stream target, CancellationToken cancellation = default)
    {
        using var response = await _transport.Send(() => new(HttpMethod.Get, $"{Of(name)}/weights"), cancellation);
        await response.Content.CopyToAsync(target, cancellation);
    }

    public Task Delete(string name, CancellationToken cancellation = default) =>
        _transport.Delete(Of(name), cancellation);

    private static string Of(string name) => $"{Path}/{Uri.EscapeDataString(name)}";
}
