namespace Strongroom.Hsm;

/// <summary>
/// Why something was refused: a return value and one constant sentence, optionally naming the attribute that it is about. Never a secret, never detail of a decryption.
/// All of them stand in <see cref="Causes"/>.
/// </summary>
/// <param name="Rv">What PKCS#11 answers.</param>
/// <param name="Text">The sentence, constant for each refusal.</param>
/// <param name="Attribute">The attribute concerned, where there is one.</param>
public sealed record Cause(Rv Rv, string Text, AttributeType? Attribute = null)
{
    /// <summary>The same refusal, naming the attribute that caused it.</summary>
    public Cause On(AttributeType attribute) => this with { Attribute = attribute };

    /// <summary>The sentence as it is shown to the client and written into logs; at most 256 bytes.</summary>
    public override string ToString() => Attribute is { } attribute ? $"{Text} ({AttributeNames.Of(attribute)})" : Text;
}
