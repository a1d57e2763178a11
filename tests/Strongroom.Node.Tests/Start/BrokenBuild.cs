using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using Strongroom.Crypto;

namespace Strongroom.Node.Start;

/// <summary>Copies of the real executable in which one byte of Strongroom.Crypto.dll is changed, as if libcrypto computed something else.</summary>
internal static class BrokenBuild
{
    private const string Digest = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";

    /// <summary>One digit of SHA-256's known answer.</summary>
    /// <param name="folder">where the copy goes</param>
    /// <returns>the executable</returns>
    public static string WithWrongAnswer(string folder) => Copy(folder, code => code.AsSpan().IndexOf(Encoding.Unicode.GetBytes(Digest)));

    /// <summary>The test of a generated pair takes "verified" for "not verified": brtrue.s (0x2D) becomes brfalse.s (0x2C), ECMA-335 III.3.18.</summary>
    /// <param name="folder">where the copy goes</param>
    /// <returns>the executable</returns>
    public static string WithInconsistentPairs(string folder) => Copy(folder, code =>
    {
        using var image = new PEReader(new MemoryStream(code));
        var metadata = image.GetMetadataReader();
        var type = metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Single(definition => metadata.GetString(definition.Name) == nameof(PairwiseConsistency));
        var bodies = type.GetMethods().Select(metadata.GetMethodDefinition).Select(method => image.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!);
        var body = bodies.Single(bytes => bytes.Contains((byte)ILOpCode.Throw));
        return code.AsSpan().IndexOf(body) + Array.LastIndexOf(body, (byte)ILOpCode.Brtrue_s);
    });

    private static string Copy(string folder, Func<byte[], int> place)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var library = Path.Combine(folder, "Strongroom.Crypto.dll");
        var code = File.ReadAllBytes(library);
        code[place(code)] ^= 1;
        File.WriteAllBytes(library, code);
        return Path.Combine(folder, "strongroom-hsm");
    }
}
