namespace Strongroom.Hsm;

/// <summary>One step of a key search, as it came from the edge.</summary>
/// <param name="Operator">What to do.</param>
/// <param name="Type">The attribute, where the step looks at one.</param>
/// <param name="Value">What it is compared with, in PKCS#11's layout.</param>
public readonly record struct QueryTerm(QueryOperator Operator, AttributeType Type, ReadOnlyMemory<byte> Value);
