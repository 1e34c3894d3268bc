using Microsoft.ML.OnnxRuntime;

namespace ComodCluster.Benchmarks.Peers;

/// <summary>A model in ONNX Runtime with its own optimisations, float32.</summary>
internal sealed class OnnxPeer : IDisposable
{
    private readonly RunOptions _options = new();
    private readonly InferenceSession _session;
    private readonly OrtValue _images;

    public OnnxPeer(string model, float[] images, long[] shape, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(model, options);
        _images = OrtValue.CreateTensorValueFromMemory(images, shape);
    }

    public static string Version => $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}";

    public float[] Run()
    {
        using var outputs = _session.Run(_options, _session.InputNames, [_images], _session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        _images.Dispose();
        _session.Dispose();
        _options.Dispose();
    }
}
