using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using TorchSharp;

namespace ComodCluster.Engine.Tests.Native;

/// <summary>
/// A number that becomes TorchSharp's <see cref="Scalar"/> in place may be finalised by another thread's collection
/// while the native call still reads it.
/// </summary>
public class ScalarTests
{
    [Fact]
    public void Engine_MakesNoScalarInPlace()
    {
        using var file = new PEReader(File.OpenRead(typeof(TaskEngine).Assembly.Location));
        var metadata = file.GetMetadataReader();
        byte[][] conversions =
        [
            .. metadata.MemberReferences.Where(IsConversion).Select(member => Call(MetadataTokens.GetToken(member))),
        ];

        string[] callers =
        [
            .. metadata
                .MethodDefinitions.Select(metadata.GetMethodDefinition)
                .Where(method => method.RelativeVirtualAddress != 0 && Calls(method))
                .Select(Name)
                .Distinct(),
        ];

        Assert.True(callers.Length == 0, $"hold the scalar (Scalars): {string.Join(", ", callers)}");

        bool IsConversion(MemberReferenceHandle handle)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference)
                return false;
            var type = metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name);
            var name = metadata.GetString(member.Name);
            return type == nameof(Scalar) && name == "op_Implicit"
                || type == nameof(torch.Tensor)
                    && name.StartsWith("op_", StringComparison.Ordinal)
                    // The numbers' overloads convert inside TorchSharp. A signature names the types of parameters.
                    && metadata
                        .GetBlobBytes(member.Signature)
                        .AsSpan(2)
                        .IndexOfAnyInRange((byte)SignatureTypeCode.SByte, (byte)SignatureTypeCode.Double) >= 0;
        }

        static byte[] Call(int token) => [(byte)ILOpCode.Call, .. BitConverter.GetBytes(token)];

        bool Calls(MethodDefinition method)
        {
            var body = file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes();
            return conversions.Any(call => body.AsSpan().IndexOf(call) >= 0);
        }

        string Name(MethodDefinition method) =>
            $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}."
            + metadata.GetString(method.Name);
    }
}
