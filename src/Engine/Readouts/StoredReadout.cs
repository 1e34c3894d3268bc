using System.Buffers;
using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ComodCluster.Engine.Readouts;

/// <summary>
/// A readout as a state holds it: y = W x + b, of which W is stored in float16, or in 8 bits with a float16 scale for
/// each feature; its numbers times <see cref="Factor"/>, a power of two. It is chosen, gated and served by these
/// numbers.
/// </summary>
public sealed class StoredReadout
{
    private const int Highest = 127; // of 8 bits
    private const int HighestPower = 12; // of a weight in float16, which goes to 2^16

    private readonly byte[] _weights;
    private readonly Half[] _scales; // empty in float16
    private readonly float[] _bias;

    /// <param name="place">Where its features are.</param>
    /// <param name="kind">How it was computed.</param>
    /// <param name="weights">As <see cref="Weights"/>.</param>
    /// <param name="scales">As <see cref="Scales"/>.</param>
    /// <param name="factor">As <see cref="Factor"/>.</param>
    /// <param name="bias">As <see cref="Bias"/>.</param>
    /// <exception cref="InputException">state-unreadable: these are no numbers of a readout.</exception>
    public StoredReadout(
        ReadoutPlace place,
        ReadoutKind kind,
        byte[] weights,
        Half[] scales,
        float factor,
        float[] bias
    )
    {
        (Place, Kind, _weights, _scales, Factor, _bias) = (place, kind, weights, scales, factor, bias);
        Precision = scales.Length > 0 ? StoredPrecision.Byte : StoredPrecision.Half;
        var size = Precision == StoredPrecision.Byte ? scales.Length : weights.Length / 2 / Math.Max(1, bias.Length);
        Width = size;
        if (
            bias.Length == 0
            || Width == 0
            || weights.Length != (long)bias.Length * Width * (Precision == StoredPrecision.Byte ? 1 : 2)
            || !float.IsFinite(factor)
            || !bias.All(float.IsFinite)
            || !scales.All(Half.IsFinite)
            || (
                Precision == StoredPrecision.Half
                && !MemoryMarshal.Cast<byte, Half>(weights).ToArray().All(Half.IsFinite)
            )
        )
            throw new InputException(
                "state-unreadable",
                "The numbers of the stored readout do not fit each other; adapt the task again."
            );
    }

    public ReadoutPlace Place { get; }

    public ReadoutKind Kind { get; }

    public StoredPrecision Precision { get; }

    /// <summary>K.</summary>
    public int Outputs => _bias.Length;

    /// <summary>D.</summary>
    public int Width { get; }

    /// <summary>[K, D], row by row: float16 of little end, or signed bytes.</summary>
    public ReadOnlySpan<byte> Weights => _weights;

    /// <summary>[D]: what a feature's signed bytes are multiplied by; empty in float16.</summary>
    public ReadOnlySpan<Half> Scales => _scales;

    /// <summary>What all stored weights are multiplied by.</summary>
    public float Factor { get; }

    /// <summary>[K]</summary>
    public ReadOnlySpan<float> Bias => _bias;

    /// <summary>Of weights, scales, biases and the factor.</summary>
    public int Bytes => BytesOf(Precision, Outputs, Width);

    internal static int BytesOf(StoredPrecision precision, int outputs, int width) =>
        (precision == StoredPrecision.Half ? 2 * outputs : outputs + 2) * width + 4 * outputs + 4;

    /// <summary>W [K, D] in float32, by which a host may compute faster.</summary>
    public float[] Expand()
    {
        var weights = new float[Outputs * Width];
        for (var k = 0; k < Outputs; k++)
        {
            var row = weights.AsSpan(k * Width, Width);
            Expand(k, row);
            for (var j = 0; j < Width; j++)
                row[j] *= Factor * (Precision == StoredPrecision.Byte ? (float)_scales[j] : 1);
        }
        return weights;
    }

    /// <summary>Logits of classes, or of each attribute.</summary>
    /// <param name="features">[D]</param>
    /// <param name="scores">Receives [K].</param>
    public void Scores(ReadOnlySpan<float> features, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Length, Width);
        var buffer = ArrayPool<float>.Shared.Rent(2 * Width);
        try
        {
            Span<float> scaled = buffer.AsSpan(0, Width),
                row = buffer.AsSpan(Width, Width);
            features.CopyTo(scaled);
            if (Precision == StoredPrecision.Byte)
            {
                TensorPrimitives.ConvertToSingle(_scales, row);
                TensorPrimitives.Multiply(scaled, row, scaled);
            }
            for (var k = 0; k < Outputs; k++)
            {
                Expand(k, row);
                scores[k] = (float)(Factor * Sum(row, scaled) + _bias[k]);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Rounds what was fitted. The bias makes good for what rounding does to the features' mean.</summary>
    internal static StoredReadout Of(
        LinearReadout fitted,
        ReadoutPlace place,
        ReadoutKind kind,
        StoredPrecision precision
    )
    {
        var (outputs, width) = (fitted.Outputs, fitted.Width);
        var highest = TensorPrimitives.MaxMagnitude<double>(fitted.Weight);
        var power = highest == 0 ? 0 : Math.Clamp(HighestPower - Math.ILogB(highest), -100, 100);
        var eight = precision == StoredPrecision.Byte;
        var weights = new byte[outputs * width * (eight ? 1 : 2)];
        var scales = new Half[eight ? width : 0];
        var bias = (double[])fitted.Bias.Clone();
        for (var j = 0; j < width; j++)
        {
            if (eight)
                scales[j] = (Half)(Scaled(MostOf(j)) / Highest);
            for (var k = 0; k < outputs; k++)
            {
                var (at, weight) = (k * width + j, Scaled(fitted.Weight[k * width + j]));
                double rounded;
                if (eight)
                {
                    var steps =
                        scales[j] == Half.Zero
                            ? 0
                            : (int)Math.Clamp(Math.Round(weight / (double)scales[j]), -Highest, Highest);
                    weights[at] = (byte)(sbyte)steps;
                    rounded = steps * (double)scales[j];
                }
                else
                {
                    var half = (Half)weight;
                    BinaryPrimitives.WriteHalfLittleEndian(weights.AsSpan(2 * at), half);
                    rounded = (double)half;
                }
                bias[k] -= Math.ScaleB(rounded, -power) * fitted.Mean[j];
            }
        }
        return new(place, kind, weights, scales, (float)Math.ScaleB(1, -power), [.. bias.Select(b => (float)b)]);

        double Scaled(double weight) => Math.ScaleB(weight, power);

        double MostOf(int j)
        {
            var most = 0.0;
            for (var k = 0; k < outputs; k++)
                most = Math.Max(most, Math.Abs(fitted.Weight[k * width + j]));
            return most;
        }
    }

    // The stored numbers of an output, without scales and factor.
    private void Expand(int output, Span<float> row)
    {
        if (Precision == StoredPrecision.Half)
            TensorPrimitives.ConvertToSingle(
                MemoryMarshal.Cast<byte, Half>(_weights.AsSpan(2 * output * Width, 2 * Width)),
                row
            );
        else
            TensorPrimitives.ConvertTruncating(
                MemoryMarshal.Cast<byte, sbyte>(_weights.AsSpan(output * Width, Width)),
                row
            );
    }

    // In one order, wherever the numbers lie in memory and whatever vectors the processor has.
    private static float Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref float left = ref MemoryMarshal.GetReference(a),
            right = ref MemoryMarshal.GetReference(b);
        var sums = Vector256<float>.Zero;
        nuint i = 0,
            length = (nuint)a.Length;
        for (; i + 8 <= length; i += 8)
            sums += Vector256.LoadUnsafe(ref left, i) * Vector256.LoadUnsafe(ref right, i);
        var sum = 0f;
        for (var lane = 0; lane < 8; lane++)
            sum += sums.GetElement(lane);
        for (; i < length; i++)
            sum += Unsafe.Add(ref left, i) * Unsafe.Add(ref right, i);
        return sum;
    }
}
