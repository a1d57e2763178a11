namespace Strongroom.Hsm.Mechanisms;

/// <summary>What an unwrapping shall give: the template's class, type and length.</summary>
/// <param name="Class">CKA_CLASS.</param>
/// <param name="Type">CKA_KEY_TYPE.</param>
/// <param name="Length">CKA_VALUE_LEN in bytes, if the template has one.</param>
public readonly record struct KeyTarget(ObjectClass Class, KeyType Type, int? Length = null);
