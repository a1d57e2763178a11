using System.Text;

namespace Strongroom.Hsm;

/// <summary>The standard's names of attributes, for messages.</summary>
public static class AttributeNames
{
    /// <summary>"CKA_MODULUS_BITS" for <see cref="AttributeType.ModulusBits"/>; the number in hexadecimal for one that has no name here.</summary>
    public static string Of(AttributeType type)
    {
        if (!Enum.IsDefined(type))
        {
            return $"0x{(ulong)type:x}";
        }

        var name = new StringBuilder("CKA");
        foreach (char c in type.ToString())
        {
            name.Append(char.IsUpper(c) ? "_" : "").Append(char.ToUpperInvariant(c));
        }

        return name.Replace("PRIME1", "PRIME_1").Replace("PRIME2", "PRIME_2").Replace("EXPONENT1", "EXPONENT_1").Replace("EXPONENT2", "EXPONENT_2").ToString();
    }
}
