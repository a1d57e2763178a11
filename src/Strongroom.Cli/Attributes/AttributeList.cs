using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Attributes;

/// <summary>A template in the making: what the command fixes, CloudHSM's defaults, and over those what the user gave as NAME=VALUE.</summary>
internal sealed class AttributeList
{
    private readonly List<WireAttribute> _attributes = [];

    /// <summary>Splits NAME=VALUE.</summary>
    public static (KeyAttribute Attribute, string Value) Split(string assignment)
    {
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new CommandRefusedException($"An attribute is given as NAME=VALUE, not {assignment}");
        }

        return (Named(assignment[..equals]), assignment[(equals + 1)..]);
    }

    public static KeyAttribute Named(string name) =>
        KeyAttribute.Find(name) ?? throw new CommandRefusedException($"There is no attribute {name}; known are {string.Join(", ", KeyAttribute.All.Select(attribute => attribute.Name))}");

    /// <summary>Sets an attribute; the last one given stands.</summary>
    public AttributeList Set(WireAttribute attribute)
    {
        _attributes.RemoveAll(other => other.Type == attribute.Type);
        _attributes.Add(attribute);
        return this;
    }

    public AttributeList Set(ulong type, bool value) => Set(AttributeValue.Flag(type, value));

    public AttributeList Set(ulong type, ulong value) => Set(AttributeValue.Number(type, value));

    public AttributeList Set(ulong type, string value) => Set(AttributeValue.Text(type, value));

    /// <summary>Attributes of another list, which stand over those here.</summary>
    public AttributeList Set(IEnumerable<WireAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            Set(attribute);
        }

        return this;
    }

    public void Remove(ulong type) => _attributes.RemoveAll(attribute => attribute.Type == type);

    /// <summary>NAME=VALUE as given by the user. The same name twice is a mistake.</summary>
    public AttributeList Set(IReadOnlyList<string> assignments)
    {
        var seen = new HashSet<string>();
        foreach (var assignment in assignments)
        {
            var (attribute, value) = Split(assignment);
            if (!seen.Add(attribute.Name))
            {
                throw new CommandRefusedException($"The attribute {attribute.Name} is given twice");
            }

            Set(AttributeValue.Parse(attribute, value));
        }

        return this;
    }

    public WireAttribute[] ToArray() => [.. _attributes];
}
