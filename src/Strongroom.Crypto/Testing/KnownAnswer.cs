namespace Strongroom.Crypto;

/// <summary>One known-answer test.</summary>
/// <param name="Name">What is tested.</param>
/// <param name="Source">Where the vector stands.</param>
/// <param name="Expected">The answer, upper-case hexadecimal.</param>
/// <param name="Compute">What this process makes of the question.</param>
internal sealed record KnownAnswer(string Name, string Source, string Expected, Func<byte[]> Compute)
{
    /// <summary>Runs it.</summary>
    /// <exception cref="SelfTestException">Another answer, or none.</exception>
    public void Run()
    {
        byte[] answer;
        try
        {
            answer = Compute();
        }
        catch (CryptoException failure) when (failure is not SelfTestException)
        {
            throw new SelfTestException(Name, $"{failure.Message} (vector: {Source})");
        }

        if (Convert.ToHexString(answer) != Expected)
        {
            throw new SelfTestException(Name, $"the answer differs from the published one ({Source})");
        }
    }
}
