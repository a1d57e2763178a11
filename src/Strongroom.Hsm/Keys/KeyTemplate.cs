using System.Buffers.Binary;

namespace Strongroom.Hsm.Keys;

/// <summary>The view of a template that the making of keys needs: single attributes, in their bytes.</summary>
internal static class KeyTemplate
{
    /// <summary>The attribute's bytes.</summary>
    /// <returns>False if the template does not have it.</returns>
    public static bool TryFind(this ReadOnlySpan<RawAttribute> template, AttributeType type, out ReadOnlySpan<byte> value)
    {
        foreach (ref readonly var attribute in template)
        {
            if (attribute.Type == type)
            {
                value = attribute.Value.Span;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>A CK_ULONG of the template.</summary>
    /// <returns>CKR_TEMPLATE_INCOMPLETE if it is absent, CKR_ATTRIBUTE_VALUE_INVALID if it has not 8 bytes or is out of the range of lengths.</returns>
    public static Outcome<int> FindLength(this ReadOnlySpan<RawAttribute> template, AttributeType type)
    {
        if (!template.TryFind(type, out var value))
        {
            return KeyCauses.ComponentMissing.On(type);
        }

        if (value.Length != sizeof(ulong) || BinaryPrimitives.ReadUInt64LittleEndian(value) > int.MaxValue)
        {
            return KeyCauses.ComponentInvalid.On(type);
        }

        return (int)BinaryPrimitives.ReadUInt64LittleEndian(value);
    }
}
