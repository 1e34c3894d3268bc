namespace ComodCluster.Api.Backbones;

/// <summary>Names of backbones that ship with the silo.</summary>
public static class BackboneNames
{
    /// <summary>What a task is adapted on that names no backbone: a ResNet-18 trained on ImageNet.</summary>
    public const string Default = "resnet18-imagenet";
}
