using Strongroom.Store.Memory;

namespace Strongroom.Store.Tests.Memory;

public sealed class MemoryStoreTests : StoreContract
{
    private protected override ValueTask<IStore> CreateAsync() => ValueTask.FromResult<IStore>(new MemoryStore());
}
