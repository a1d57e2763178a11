using System.Collections.Concurrent;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Policy;

/// <summary>
/// Stands before every decryption whose failures tell something of the plaintext (PKCS#1 v1.5: Bleichenbacher's attack takes thousands to millions of them). A user may fail <see cref="Burst"/> times at once and then
/// once in <see cref="Refill"/>; with more, nothing of the kind is decrypted for that user, whether it would fail or not, until time has passed. What succeeds costs nothing, so that a server that decrypts all day is not slowed.
/// Counted in this HSM's memory: a cluster of n HSMs lets n times as many through.
/// </summary>
internal sealed class OracleGuard(TimeProvider clock, Func<ClusterSettings> settings)
{
    public const int Burst = 100;
    public static readonly TimeSpan Refill = TimeSpan.FromSeconds(10);

    // The moment at which a user's failures are all forgiven, as ticks of the clock; the table is bounded by the number of users.
    private readonly ConcurrentDictionary<string, long> _forgiven = new();

    /// <summary>Whether such a decryption may go on.</summary>
    public Outcome Admit(Mechanism mechanism, Use use, string user) =>
        !mechanism.IsOracle(use) ? Outcome.Ok
        : !settings().Pkcs1Decryption ? Causes.Pkcs1Off
        : _forgiven.TryGetValue(user, out var forgiven) && forgiven - Now > (Burst - 1) * Refill.Ticks ? Causes.TooManyFailures : Outcome.Ok;

    /// <summary>Counts a decryption that failed.</summary>
    public void Note(Mechanism mechanism, Use use, string user, Rv result)
    {
        if (result == Rv.EncryptedDataInvalid && mechanism.IsOracle(use))
        {
            _forgiven.AddOrUpdate(user, _ => Now + Refill.Ticks, (_, forgiven) => Math.Max(forgiven, Now) + Refill.Ticks);
        }
    }

    private long Now => clock.GetUtcNow().UtcTicks;
}
