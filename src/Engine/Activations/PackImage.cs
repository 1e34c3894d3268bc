using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Activations;

/// <summary>One image of one data set of one tenant.</summary>
public readonly record struct PackImage(DatasetPack Pack, int Index, string Tenant = "");
