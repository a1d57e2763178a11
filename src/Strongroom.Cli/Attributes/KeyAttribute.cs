namespace Strongroom.Cli.Attributes;

/// <summary>An attribute of a key under CloudHSM's name.</summary>
/// <param name="Name">on the command line and in JSON</param>
/// <param name="Type">CKA_ number</param>
/// <param name="Form">how its value is written</param>
/// <param name="MayBeAbsent">an empty value is not printed</param>
internal sealed partial record KeyAttribute(string Name, ulong Type, AttributeForm Form, bool MayBeAbsent = false)
{
    /// <summary>The attribute of this name, or null.</summary>
    public static KeyAttribute? Find(string name) => All.FirstOrDefault(attribute => attribute.Name == name);
}
