using Strongroom.Hsm;

namespace Strongroom.Node.Data;

/// <summary>Turns the module's outcomes into replies.</summary>
internal static class OutcomeMapping
{
    /// <summary>The reply if it was done, else the same refusal.</summary>
    public static Outcome<TReply> With<TReply>(this Outcome outcome, TReply reply) => outcome.IsOk ? reply : outcome.Cause;
}
