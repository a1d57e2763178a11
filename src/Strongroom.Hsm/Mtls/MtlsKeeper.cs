using Strongroom.Store.Commits;

namespace Strongroom.Hsm.Mtls;

/// <summary>Changes to the trust anchors for clients and to their enforcement. Enforcement never stands without an anchor, since nobody could then come in to mend it.</summary>
internal sealed class MtlsKeeper(ClusterState state, Committer committer)
{
    /// <summary>Anchors of a cluster (CloudHSM's number).</summary>
    public const int MaxAnchors = 2;

    /// <summary>Bytes of an anchor's certificates (CloudHSM's number).</summary>
    public const int MaxLength = 6980;

    /// <summary>Registers an anchor, whose certificates were checked.</summary>
    public ValueTask<Outcome<TrustAnchor>> RegisterAsync(string certificates, CancellationToken cancel) => committer.TryAsync(
        view =>
        {
            foreach (int each in Enumerable.Range(1, MaxAnchors))
            {
                view.Version(TrustAnchorRecord.PathOf(each));
            }

            if (state.Anchors.Values.Any(anchor => anchor.Certificates == certificates))
            {
                return Proposal.Refuse<Outcome<TrustAnchor>>(Causes.AnchorThere);
            }

            int free = Enumerable.Range(1, MaxAnchors).FirstOrDefault(reference => !state.Anchors.ContainsKey(reference));
            var anchor = new TrustAnchor(free, certificates);
            return free == 0
                ? Proposal.Refuse<Outcome<TrustAnchor>>(Causes.TooManyAnchors)
                : Proposal.Write<Outcome<TrustAnchor>>(anchor, Change.Put(TrustAnchorRecord.PathOf(free), TrustAnchorRecord.Write(anchor)));
        },
        cancel);

    /// <summary>Removes an anchor; the last one only while clients need not show a certificate.</summary>
    public ValueTask<Outcome> DeregisterAsync(int reference, CancellationToken cancel) => committer.TryAsync(
        view =>
        {
            view.Version(EnforcementRecord.Path);
            foreach (int each in Enumerable.Range(1, MaxAnchors))
            {
                view.Version(TrustAnchorRecord.PathOf(each));
            }

            return !state.Anchors.ContainsKey(reference) ? Proposal.Refuse<Outcome>(Causes.AnchorUnknown)
                : state.IsMtlsEnforced && state.Anchors.Count == 1 ? Proposal.Refuse<Outcome>(Causes.LastAnchor)
                : Proposal.Write(Outcome.Ok, Change.Delete(TrustAnchorRecord.PathOf(reference)));
        },
        cancel);

    /// <summary>Sets whether clients must show a certificate.</summary>
    /// <param name="isEnforced">They must.</param>
    /// <param name="shown">The anchor under which whoever asks has come in; it must still be there.</param>
    /// <param name="cancel">Gives up.</param>
    public ValueTask<Outcome> EnforceAsync(bool isEnforced, TrustAnchor shown, CancellationToken cancel) => committer.TryAsync(
        view => view.Version(TrustAnchorRecord.PathOf(shown.Reference)) is null || !state.Anchors.Values.Contains(shown)
            ? Proposal.Refuse<Outcome>(Causes.MtlsOverMtlsOnly)
            : Proposal.Write(Outcome.Ok, Change.Put(EnforcementRecord.Path, new EnforcementRecord(isEnforced).Write())),
        cancel);
}
