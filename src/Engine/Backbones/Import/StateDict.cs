using ComodCluster.Engine.Backbones.Pickles;

namespace ComodCluster.Engine.Backbones.Import;

/// <summary>Finds the weights in what a checkpoint holds, and leaves its other entries alone.</summary>
internal static class StateDict
{
    // Where trainers put them, beside the optimizer, the epoch and more.
    private static readonly string[] s_usual = ["state_dict", "model_state_dict", "model", "network", "net"];

    /// <exception cref="InputException"><c>weights-file</c>: there are none, or several.</exception>
    public static IReadOnlyList<SourceTensor> Of(object checkpoint)
    {
        if (checkpoint is not Dictionary<string, object?> root)
            throw TorchFault.Refused("holds no dictionary of weights");
        if (Tensors(root) is { Count: > 0 } tensors)
            return tensors;
        foreach (var key in s_usual)
            if (root.TryGetValue(key, out var value) && Tensors(value) is { Count: > 0 } usual)
                return usual;
        var others = root.Where(entry => Tensors(entry.Value).Count > 0).ToArray();
        return others.Length switch
        {
            0 => throw TorchFault.Refused("holds no dictionary of weights"),
            1 => Tensors(others[0].Value),
            _ => throw TorchFault.Refused(
                $"holds several networks ({BackboneClaim.Shown([.. others.Select(o => o.Key)])})"
            ),
        };
    }

    private static IReadOnlyList<SourceTensor> Tensors(object? value) =>
        value is Dictionary<string, object?> entries
            ?
            [
                .. from entry in entries
                where entry.Value is TorchTensor
                let tensor = (TorchTensor)entry.Value!
                select new SourceTensor(entry.Key, tensor.Type, tensor.Shape, tensor.Read),
            ]
            : [];
}
