using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Quorum;

/// <summary>The memory for keys is the process's, so nothing else runs beside these tests.</summary>
[CollectionDefinition(nameof(FullArenaTests), DisableParallelization = true)]
[Collection(nameof(FullArenaTests))]
public sealed class FullArenaTests
{
    [Fact]
    public async Task A_key_that_finds_no_memory_leaves_its_approval_for_another_try()
    {
        await using QuorumWorld world = await QuorumWorld.StartAsync();
        await world.ApproveAsync(world.Alice, QuorumService.KeyManagement, world.Key, "alice", "bob");

        List<SecretBuffer> taken = Fill();
        Outcome refused = (await world.UnwrapAsync(world.Wrapped)).WithoutValue();
        taken.ForEach(buffer => buffer.Dispose());

        Assert.Equal(KeyCauses.ArenaFull, refused.Cause);
        Assert.Equal(Outcome.Ok, (await world.UnwrapAsync(world.Wrapped)).WithoutValue());
        Assert.Equal(Causes.QuorumNeeded, (await world.UnwrapAsync(world.Wrapped)).Cause);
    }

    private static List<SecretBuffer> Fill()
    {
        var taken = new List<SecretBuffer>();
        for (int size = SecretArena.Size; size >= 1; size /= 2)
        {
            try
            {
                while (true)
                {
                    taken.Add(SecretBuffer.Allocate(size));
                }
            }
            catch (SecretArenaFullException)
            {
            }
        }

        return taken;
    }
}
