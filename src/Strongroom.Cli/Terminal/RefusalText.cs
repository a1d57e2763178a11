using Strongroom.Client;

namespace Strongroom.Cli.Terminal;

/// <summary>The words for a refusal of the HSM: CloudHSM's where its users' scripts may look for them, else the HSM's own.</summary>
internal static class RefusalText
{
    private const ulong SignatureInvalid = 0xC0;
    private const ulong SignatureLengthRange = 0xC1;

    public static string Of(HsmRefusedException refused) => refused.Rv switch
    {
        SignatureInvalid or SignatureLengthRange => "Signature verification failed",
        _ => refused.Cause,
    };
}
