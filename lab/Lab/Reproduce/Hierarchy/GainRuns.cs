using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Couplings of eight arms trained on one task, with the decoder gains that belong to each.</summary>
internal sealed class GainRuns : IEightRuns
{
    /// <summary>The outer nodes of a Gauss-Hermite quadrature with three nodes, in standard deviations.</summary>
    private static readonly float Node = MathF.Sqrt(3);

    private readonly Network _network;
    private readonly Parameters _weights;
    private readonly HierarchySettings _settings;
    private readonly Samples _training,
        _validation,
        _test;
    private readonly CouplingFilter _filter;
    private readonly Activations _rows,
        _nodes;
    private readonly DecoderGain _gain;
    private readonly Adam _couplingAdam,
        _gainAdam;
    private readonly int[] _permutation;
    private readonly float[][] _plain;
    private readonly float[] _rounding,
        _unshuffled;
    private readonly RandomStream _random;
    private readonly float[] _couplings,
        _gains,
        _scaled,
        _plus,
        _minus,
        _gCouplings,
        _gTrained,
        _gLogits,
        _gSecond,
        _gFirst,
        _gInput,
        _gGain,
        _labels,
        _bestTrained,
        _bestGain;
    private int _steps;

    public GainRuns(
        Network network,
        Parameters weights,
        HierarchySettings settings,
        HierarchyVariant variant,
        Samples training,
        Samples validation,
        Samples test,
        RandomStream random
    )
    {
        (_network, _weights, _settings, _training, _validation, _test, _random) = (
            network,
            weights,
            settings,
            training,
            validation,
            test,
            random
        );
        var (inputs, second) = (network.Geometry.Inputs, network.Geometry.SecondHidden);
        _filter = new(network.Geometry.Orientations, settings.FilterWidth);
        (_rows, _nodes, _gain) = (new(network), new(network), new(second));
        Trained = [.. Enumerable.Repeat(variant.Start, inputs * Tile.Lanes)];
        (_couplings, _gains, _scaled, _plus, _minus, _gCouplings, _gTrained) = (
            New(inputs),
            New(inputs),
            New(inputs),
            New(inputs),
            New(inputs),
            New(inputs),
            New(inputs)
        );
        (_gGain, _labels) = (New(second), New(second));
        (_gLogits, _gSecond, _gFirst, _gInput) = (
            new float[_rows.Logits.Length],
            new float[_rows.Second.Length],
            new float[_rows.First.Length],
            new float[_rows.Input.Length]
        );
        (_couplingAdam, _gainAdam) = (new(Trained.Length, variant.Rate), new(_gGain.Length, variant.Rate));
        (_bestTrained, _bestGain) = ([.. Trained], [.. _gain.Values]);
        _permutation = [.. Enumerable.Range(0, second)];
        _unshuffled = new float[second];
        random.Shuffle(_permutation.AsSpan());
        _plain = [.. training.Responses.Select(Plain)];
        _rounding = Rounding(Plain(new float[inputs]));
        Modulate(Trained);

        static float[] New(int units) => new float[units * Tile.Lanes];
    }

    /// <summary>Whose smoothed squares are the couplings: [filter * 8 + arm].</summary>
    internal float[] Trained { get; }

    /// <summary>[unit * 8 + arm]</summary>
    internal float[] DecoderGains => _gain.Values;

    public void Epoch()
    {
        for (var i = 0; i + 1 < _training.Count; i += Tile.Batch)
        {
            Gradients(i);
            _couplingAdam.Step(Trained, _gTrained);
            _gainAdam.Step(_gain.Values, _gGain);
            TrimTrainedGain();
            Modulate(Trained);
            Refresh(i);
        }
    }

    public (double[] Loss, double[] Accuracy) Validate() => Evaluate(_validation, _gain.Values);

    public void Keep(int run)
    {
        Copy(Trained, _bestTrained);
        Copy(_gain.Values, _bestGain);

        void Copy(float[] from, float[] to)
        {
            for (var i = run; i < from.Length; i += Tile.Lanes)
                to[i] = from[i];
        }
    }

    public double[] Accuracy()
    {
        Modulate(_bestTrained);
        var accuracy = Evaluate(_test, _bestGain).Accuracy;
        Modulate(Trained);
        return accuracy;
    }

    /// <summary>
    /// Gradients by the trained numbers and by the trained decoder gain, of the mean loss of a batch.
    /// </summary>
    /// <param name="first">Index of the batch's first training point.</param>
    internal (float[] Trained, float[] Gain, double[] Loss) Gradients(int first)
    {
        Forward(_training, first, _gain.Values);
        Span<float> losses = stackalloc float[Tile.Rows];
        Softmax.Evaluate(_rows.Logits, Labels(_training, first), losses, stackalloc bool[Tile.Rows], _gLogits);
        Layer<SharedWeights>.BackwardInputs(_network.Readout, _weights.Weights(2), _gLogits, _gSecond);
        ThroughGain();
        Layer<SharedWeights>.BackwardInputs(_network.Second, _weights.Weights(1), _gSecond, _gFirst);
        Activations.Cut(_rows.First, _gFirst);
        Layer<SharedWeights>.BackwardInputs(_network.First, _weights.Weights(0), _gFirst, _gInput);
        // d gain / d coupling = gain, at a modulator of 1; _rows.Input = gain * response.
        for (int at = 0, row = 0; at < _gCouplings.Length; at += Tile.Lanes, row += Tile.Rows)
            (
                Vector256.LoadUnsafe(ref _rows.Input[row]) * Vector256.LoadUnsafe(ref _gInput[row])
                + Vector256.LoadUnsafe(ref _rows.Input[row + Tile.Lanes])
                    * Vector256.LoadUnsafe(ref _gInput[row + Tile.Lanes])
            ).StoreUnsafe(ref _gCouplings[at]);
        _filter.Backward(Trained, _gCouplings, _gTrained);
        return (_gTrained, _gGain, Means(losses));
    }

    /// <summary>Couplings and gains of the trained numbers.</summary>
    internal void Modulate(float[] trained)
    {
        _filter.Apply(trained, _couplings);
        TensorPrimitives.Exp(_couplings, _gains);
    }

    private void Forward(Samples samples, int first, float[] decoderGain)
    {
        var (p, q) = (samples.Responses[first], samples.Responses[Math.Min(first + 1, samples.Count - 1)]);
        for (var i = 0; i < p.Length; i++)
        {
            var gain = Vector256.LoadUnsafe(ref _gains[i * Tile.Lanes]);
            (gain * p[i]).StoreUnsafe(ref _rows.Input[i * Tile.Rows]);
            (gain * q[i]).StoreUnsafe(ref _rows.Input[i * Tile.Rows + Tile.Lanes]);
        }
        _rows.Hidden<SharedWeights>(_weights);
        for (int at = 0, row = 0; at < decoderGain.Length; at += Tile.Lanes, row += Tile.Rows)
        {
            var gain = Vector256.LoadUnsafe(ref decoderGain[at]);
            (gain * Vector256.LoadUnsafe(ref _rows.Second[row])).StoreUnsafe(ref _rows.Scaled[row]);
            (gain * Vector256.LoadUnsafe(ref _rows.Second[row + Tile.Lanes])).StoreUnsafe(
                ref _rows.Scaled[row + Tile.Lanes]
            );
        }
        Layer<SharedWeights>.Forward(
            _network.Readout,
            _weights.Weights(2),
            _weights.Bias(2),
            _rows.Scaled,
            _rows.Logits,
            cut: false
        );
    }

    /// <summary>
    /// From the gradient by the scaled units to that by the units' sums, and, for the arm that trains it, by the
    /// decoder gain.
    /// </summary>
    private void ThroughGain()
    {
        for (int at = 0, row = 0; at < _gGain.Length; at += Tile.Lanes, row += Tile.Rows)
        {
            const int Arm = (int)GainArm.TrainedGain;
            _gGain[at + Arm] =
                _gSecond[row + Arm] * _rows.Second[row + Arm]
                + _gSecond[row + Tile.Lanes + Arm] * _rows.Second[row + Tile.Lanes + Arm];
            var gain = Vector256.LoadUnsafe(ref _gain.Values[at]);
            for (var half = row; half < row + Tile.Rows; half += Tile.Lanes)
                (
                    Vector256.GreaterThan(Vector256.LoadUnsafe(ref _rows.Second[half]), Vector256<float>.Zero)
                    & (gain * Vector256.LoadUnsafe(ref _gSecond[half]))
                ).StoreUnsafe(ref _gSecond[half]);
        }
    }

    private void TrimTrainedGain()
    {
        for (var at = (int)GainArm.TrainedGain; at < _gain.Values.Length; at += Tile.Lanes)
            _gain.Values[at] = Math.Max(_gain.Values[at], 0);
    }

    /// <summary>Every arm's label, on the rows of the step, and its decoder gain.</summary>
    private void Refresh(int first)
    {
        Covariances(first);
        var (p, q) = (_plain[first], _plain[first + 1]);
        var sign = _random.Uniform() < 0.5 ? -1 : 1;
        for (int unit = 0, at = 0, row = 0; unit < p.Length; unit++, at += Tile.Lanes, row += Tile.Rows)
        {
            const int Rate = (int)GainArm.Rate,
                Difference = (int)GainArm.Difference;
            _labels[at + Rate] = _rows.Second[row + Rate] + _rows.Second[row + Tile.Lanes + Rate];
            _labels[at + Difference] =
                _rows.Second[row + Difference] + _rows.Second[row + Tile.Lanes + Difference] - p[unit] - q[unit];
            _labels[at + (int)GainArm.ZeroInput] = sign * _rounding[unit];
        }
        var seldom = ++_steps % _settings.SeldomSteps == 0;
        _gain.Refresh(
            _labels,
            Vector256.Create([
                .. Enum.GetValues<GainArm>()
                    .Select(arm =>
                        Bits(
                            arm switch
                            {
                                GainArm.Gain or GainArm.TrainedGain => false,
                                GainArm.Seldom => seldom,
                                _ => true,
                            }
                        )
                    ),
            ])
        );

        static float Bits(bool set) => set ? BitConverter.Int32BitsToSingle(-1) : 0;
    }

    /// <summary>
    /// Labels of the first four arms: half the tile has the modulator at the upper node, half at the lower, each with
    /// two points of four arms.
    /// </summary>
    private void Covariances(int first)
    {
        var step = Node * (float)_settings.Sigma;
        TensorPrimitives.Multiply(_couplings, 1 + step, _scaled);
        TensorPrimitives.Exp(_scaled, _plus);
        TensorPrimitives.Multiply(_couplings, 1 - step, _scaled);
        TensorPrimitives.Exp(_scaled, _minus);
        var (p, q) = (_training.Responses[first], _training.Responses[first + 1]);
        for (var i = 0; i < p.Length; i++)
        {
            var points = Vector256.Create(Vector128.Create(p[i]), Vector128.Create(q[i]));
            var (upper, lower) = (
                Vector128.LoadUnsafe(ref _plus[i * Tile.Lanes]),
                Vector128.LoadUnsafe(ref _minus[i * Tile.Lanes])
            );
            (points * Vector256.Create(upper, upper)).StoreUnsafe(ref _nodes.Input[i * Tile.Rows]);
            (points * Vector256.Create(lower, lower)).StoreUnsafe(ref _nodes.Input[i * Tile.Rows + Tile.Lanes]);
        }
        _nodes.Hidden<SharedWeights>(_weights);
        for (int at = 0, row = 0; at < _labels.Length; at += Tile.Lanes, row += Tile.Rows)
        {
            var difference =
                Vector256.LoadUnsafe(ref _nodes.Second[row])
                - Vector256.LoadUnsafe(ref _nodes.Second[row + Tile.Lanes]);
            (difference.GetLower() + difference.GetUpper()).StoreUnsafe(ref _labels[at]);
        }
        const int Shuffled = (int)GainArm.Shuffled;
        for (var unit = 0; unit < _permutation.Length; unit++)
            _unshuffled[unit] = _labels[unit * Tile.Lanes + Shuffled];
        for (var unit = 0; unit < _permutation.Length; unit++)
            _labels[unit * Tile.Lanes + Shuffled] = _unshuffled[_permutation[unit]];
    }

    /// <summary>The second hidden layer without any gain.</summary>
    private float[] Plain(float[] responses)
    {
        for (var i = 0; i < responses.Length; i++)
        for (var row = 0; row < Tile.Rows; row++)
            _nodes.Input[i * Tile.Rows + row] = responses[i];
        _nodes.Hidden<SharedWeights>(_weights);
        return [.. Enumerable.Range(0, _network.Geometry.SecondHidden).Select(unit => _nodes.Second[unit * Tile.Rows])];
    }

    /// <summary>What is left of equal activities minus their mean in single precision.</summary>
    private static float[] Rounding(float[] activities) =>
        [
            .. activities.Select(activity =>
            {
                const int Draws = 500;
                var sum = 0f;
                for (var i = 0; i < Draws; i++)
                    sum += activity;
                return activity - sum / Draws;
            }),
        ];

    private (double[] Loss, double[] Accuracy) Evaluate(Samples samples, float[] decoderGain)
    {
        double[] loss = new double[Tile.Lanes],
            right = new double[Tile.Lanes];
        Span<float> losses = stackalloc float[Tile.Rows];
        Span<bool> rights = stackalloc bool[Tile.Rows];
        for (var i = 0; i < samples.Count; i += Tile.Batch)
        {
            Forward(samples, i, decoderGain);
            var labels = Labels(samples, i);
            Softmax.Evaluate(_rows.Logits, labels, losses, rights);
            for (var row = 0; row < Tile.Rows; row++)
            {
                loss[row % Tile.Lanes] += losses[row] / samples.Count;
                if (rights[row])
                    right[row % Tile.Lanes] += 1.0 / samples.Count;
            }
        }
        return (loss, right);
    }

    private static int[] Labels(Samples samples, int first) =>
        [
            .. Enumerable
                .Range(0, Tile.Rows)
                .Select(row => first + row / Tile.Lanes is var i && i < samples.Count ? samples.Labels[i] : -1),
        ];

    private static double[] Means(Span<float> losses)
    {
        var means = new double[Tile.Lanes];
        for (var row = 0; row < Tile.Rows; row++)
            means[row % Tile.Lanes] += losses[row] / Tile.Batch;
        return means;
    }
}
