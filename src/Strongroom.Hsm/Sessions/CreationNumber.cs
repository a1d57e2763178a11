namespace Strongroom.Hsm;

/// <summary>An instance's number of one creation or destruction. A retry with the same number, anywhere in the cluster within 10 minutes, is answered as the first try was.</summary>
public readonly record struct CreationNumber(ulong Value);
