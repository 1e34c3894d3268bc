namespace ComodCluster.Engine.Backbones;

/// <summary>
/// Element types of the safetensors format. Only the three floating types of 4 and 2 bytes are read as numbers.
/// </summary>
public enum ElementType
{
    Float32,
    Float16,
    BFloat16,
    Float64,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt8,
    Bool,
}
