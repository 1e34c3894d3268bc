namespace ComodCluster.Engine.Data.Scenes;

/// <summary>What the inspection line carries; the order is that of the labels.</summary>
public enum PartClass
{
    Bearing,
    Bolt,
    Bracket,
    Clip,
    Gear,
    Nut,
    Pin,
    Screw,
    Spring,
    Washer,
}
