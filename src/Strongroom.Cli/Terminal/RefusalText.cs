using Strongroom.Client;

namespace Strongroom.Cli.Terminal;

/// <summary>The words for a refusal of the HSM: CloudHSM's where its users' scripts may look for them, else the HSM's own.</summary>
internal static class RefusalText
{
    private const ulong SignatureInvalid = 0xC0;
    private const ulong SignatureLengthRange = 0xC1;
    private const ulong FunctionRejected = 0x200;

    public static string Of(HsmRefusedException refused) => refused.Rv switch
    {
        SignatureInvalid or SignatureLengthRange => "Signature verification failed",

        // "Quorum Failed" and the like: CloudHSM says no more, so what follows the colon goes to people (Detail).
        FunctionRejected => refused.Cause.Split(": ", 2)[0],
        _ => refused.Cause,
    };

    /// <summary>What else there is to say, on standard error; null: nothing.</summary>
    public static string? Detail(HsmRefusedException refused) => refused.Rv == FunctionRejected && refused.Cause.Split(": ", 2) is [_, var detail] ? detail : null;
}
