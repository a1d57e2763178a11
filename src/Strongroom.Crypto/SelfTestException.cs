namespace Strongroom.Crypto;

/// <summary>A known-answer or pairwise consistency test failed. Nothing that this process computes can be trusted any more: whoever catches it stops the HSM.</summary>
public sealed class SelfTestException(string test, string reason) : CryptoException($"Self-test '{test}' failed: {reason}")
{
    /// <summary>Which test.</summary>
    public string Test { get; } = test;
}
