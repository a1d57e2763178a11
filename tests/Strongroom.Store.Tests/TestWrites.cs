using System.Text;
using Strongroom.Store.Commits;

namespace Strongroom.Store.Tests;

/// <summary>Short ways to write records.</summary>
internal static class TestWrites
{
    public static async Task<CommitResult<string>> PutAsync(this SealedStore store, string path, string text) =>
        await store.Committer.CommitAsync(_ => Proposal.Write("done", Change.Put(path, Encoding.UTF8.GetBytes(text))), TestContext.Current.CancellationToken);

    public static async Task<CommitResult<string>> DeleteAsync(this SealedStore store, string path) =>
        await store.Committer.CommitAsync(_ => Proposal.Write("done", Change.Delete(path)), TestContext.Current.CancellationToken);
}
