namespace Strongroom.Hsm;

/// <summary>The two halves of a generated pair.</summary>
public readonly record struct KeyPairHandles(ObjectHandle Public, ObjectHandle Private);
