using Strongroom.Wire;

namespace Strongroom.Client;

public sealed partial class HsmClient
{
    /// <summary>The mechanisms of this HSM with their limits and parameter shapes.</summary>
    public async Task<WireMechanismInfo[]> GetMechanismsAsync(CancellationToken cancel = default) =>
        (await CallAsync<GetMechanismsRequest, GetMechanismsReply>(new(), cancel).ConfigureAwait(false)).Mechanisms;

    /// <summary>Opens a session of this instance; session objects live until it is closed.</summary>
    public async Task<HsmSession> OpenSessionAsync(bool readWrite, CancellationToken cancel = default)
    {
        var id = (Interlocked.Increment(ref _sessions) * 2) + (readWrite ? 1UL : 0UL);
        await CallAsync<OpenSessionRequest, OpenSessionReply>(new(id), cancel).ConfigureAwait(false);
        return new HsmSession(this, id);
    }

    /// <summary>Random bytes of the HSM.</summary>
    /// <param name="length">at most 1048576</param>
    /// <param name="cancel">stops waiting</param>
    public async Task<ReadOnlyMemory<byte>> GenerateRandomAsync(int length, CancellationToken cancel = default) =>
        (await CallAsync<GenerateRandomRequest, GenerateRandomReply>(new((ulong)length), cancel).ConfigureAwait(false)).Data;

    /// <summary>Sends the data there and back.</summary>
    public async Task<ReadOnlyMemory<byte>> EchoAsync(ReadOnlyMemory<byte> data, CancellationToken cancel = default) =>
        (await CallAsync<EchoRequest, EchoReply>(new(data), cancel).ConfigureAwait(false)).Data;

    internal ulong NextCreation() => Interlocked.Increment(ref _creations);
}
