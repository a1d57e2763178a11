using Strongroom.Wire;

namespace Strongroom.Client.Connections;

/// <summary>Which requests may be sent again when it is unknown whether they took effect.</summary>
internal static class Retries
{
    /// <summary>True if a second sending has no effect beyond the first, or carries a creation number by which the HSM knows it.</summary>
    public static bool AreHarmless(Function function) => function switch
    {
        // A part of an operation would count twice; the operation is lost with its connection's HSM anyway.
        Function.Begin or Function.Update or Function.Finish => false,

        // The second sending would be refused because the first took effect, which the caller would read as failure.
        Function.Activate or Function.CreateUser or Function.DeleteUser or Function.ChangePassword or Function.SetPin or Function.InitPin => false,
        Function.ShareKey or Function.UnshareKey => false,

        // What it made is used up, or there already, by the second sending.
        Function.GenerateQuorumToken or Function.RegisterQuorumKey or Function.SetQuorumValue or Function.ChangeMfa or Function.RegisterTrustAnchor or Function.DeregisterTrustAnchor => false,

        // A wrong password would be counted twice.
        Function.Login or Function.LoginWithMfa => false,
        _ => true,
    };
}
