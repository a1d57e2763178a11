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

        return new StringBuilder(Constant("CKA", type.ToString())).Replace("PRIME1", "PRIME_1").Replace("PRIME2", "PRIME_2").Replace("EXPONENT1", "EXPONENT_1").Replace("EXPONENT2", "EXPONENT_2").ToString();
    }

    /// <summary>A constant of the standard from a name of this project: "CKO_PRIVATE_KEY" from CKO and PrivateKey.</summary>
    public static string Constant(string prefix, string name)
    {
        var constant = new StringBuilder(prefix).Append('_');
        foreach (char c in name)
        {
            constant.Append(char.IsUpper(c) && constant[^1] != '_' ? "_" : "").Append(char.ToUpperInvariant(c));
        }

        return constant.ToString();
    }
}
