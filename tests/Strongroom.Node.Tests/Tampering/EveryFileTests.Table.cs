using static Strongroom.Node.Tampering.FileChange;
using static Strongroom.Node.Tampering.Verdict;

namespace Strongroom.Node.Tampering;

// Every file that an HSM has, and what must come of each change: while it is stopped, and while it runs.
public sealed partial class EveryFileTests
{
    private const string OpenSegment = "audit/the open segment";
    private const string ClosedSegment = "audit/a closed segment";
    private const string NextSegment = "audit/the next segment";

    private static readonly FileChange[] AllChanges = [Removed, Cut, OneBit, Exchanged, Overwritten];

    // What never changes after the birth: yesterday's is today's.
    private static readonly FileChange[] OfWhatIsFixed = [Removed, Cut, OneBit];
    private static readonly FileChange[] OfWhatIsEmpty = [Removed];

    private static readonly Verdict ReadAtTheStart = Unused("it is read at the start alone");

    private static readonly FileRow[] Table =
    [
        new("store.db", AllChanges,
            change => change == Removed ? Refuses("store.db: there is no such file") : Refuses("store.db|records|rolled back") with { OrUnused = change == OneBit },
            _ => Refuses("store.db")),
        new("store.db-wal", AllChanges,
            change => change is Exchanged or Overwritten ? Refuses("store.db|records|rolled back") : Refuses("rolled back"),
            _ => Refuses("store.db-wal")),
        new("store.db-shm", AllChanges,
            _ => Unused("whoever opens the database alone makes it anew from the WAL"),
            change => Refuses(change == Overwritten ? "store.db" : "store.db-shm") with { MayDie = change is Cut or Overwritten }),
        new("store.db-lock", AllChanges,
            _ => Unused("what it notes is for those who have the database open, and nobody has"),
            change => change switch
            {
                Cut => Unused("without a whole note there is nothing to compare with until the next commit writes one"),
                Removed or Exchanged => Refuses("store.db-lock"),
                _ => Refuses("store.db"),
            }),
        new("anchor", AllChanges,
            change => change is Exchanged or Overwritten ? Unused("a store that is newer than the anchor is what a death between commit and anchor leaves") : Refuses("anchor"),
            change => change is Removed or Exchanged ? Refuses("anchor") : Unused("the HSM has it in memory, and the next two commits write both of its places anew")),
        new("root.key", OfWhatIsFixed, change => Refuses(change == OneBit ? "root of trust" : "root.key"), _ => ReadAtTheStart),
        new("hsm.json", OfWhatIsFixed, _ => Refuses("hsm.json"), _ => ReadAtTheStart),
        .. from name in (string[])["identity-key.sealed", "cluster.sealed", "cluster-tls-key.sealed", "cluster-key.sealed", "cluster.crt", "customerCA.crt", "cluster.csr", "hsm.crt", "identity.csr", "owner-hardware.crt", "manufacturer-hardware.crt"]
           select new FileRow(name, OfWhatIsFixed, _ => Refuses(name), _ => ReadAtTheStart),
        new("lock", OfWhatIsEmpty, _ => Unused("it is locked, never read"), _ => Unused("it is locked, never read")),
        new("control.sock", OfWhatIsEmpty, _ => Unused("it is made at each start"), _ => Unused("applications come by another way")),
        new("audit/lock", OfWhatIsEmpty, _ => Unused("it is locked, never read"), _ => Unused("it is locked, never read")),
        new("audit/hsm.crt", OfWhatIsFixed, _ => Unused("it is written from the two hardware certificates at each start"), _ => Unused("the HSM does not read it")),
        new(ClosedSegment, OfWhatIsFixed, _ => Verified, _ => Verified),
        new(OpenSegment, OfWhatIsFixed, _ => Verified, change => change == OneBit ? Verified : Refuses("segment-")),
        new(NextSegment, OfWhatIsEmpty, _ => Unused("nothing is in it"), _ => Unused("nothing is in it")),
    ];

    /// <param name="Name">In the state directory, or of the store.</param>
    /// <param name="Changes">What can be done to it.</param>
    /// <param name="Stopped">What comes of it at the next start.</param>
    /// <param name="Running">What comes of it under the running HSM; if that goes on, the next start is as after the same change while it was stopped.</param>
    private sealed record FileRow(string Name, FileChange[] Changes, Func<FileChange, Verdict> Stopped, Func<FileChange, Verdict> Running);
}
