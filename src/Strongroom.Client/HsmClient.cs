using Strongroom.Client.Connections;
using Strongroom.Wire;

namespace Strongroom.Client;

/// <summary>
/// One instance of a .NET application at a cluster: an Ed25519 key of its own, one shared connection with pipelined requests, one login.
/// When the connection breaks it is made anew at the next HSM that answers, and the login goes on by its ticket.
/// Calls are safe from any number of threads. They fail with <see cref="HsmRefusedException"/> (the HSM says no), <see cref="HsmUnreachableException"/> (no answer) or
/// <see cref="HsmNotTrustedException"/> (it is not this cluster).
/// </summary>
public sealed partial class HsmClient : IAsyncDisposable
{
    private readonly HsmClientOptions _options;
    private readonly Reconnector _reconnector;

    // Numbers of creations and sessions of this instance; drawn by Interlocked.
    private ulong _creations;
    private ulong _sessions;

    /// <summary>Creates an instance. Nothing is sent before the first call.</summary>
    public HsmClient(HsmClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _reconnector = new Reconnector(options);
    }

    /// <summary>Any request of the protocol; the typed methods are written with it.</summary>
    /// <typeparam name="TRequest">the request</typeparam>
    /// <typeparam name="TReply">its reply</typeparam>
    public async Task<TReply> CallAsync<TRequest, TReply>(TRequest request, CancellationToken cancel = default)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        await RenewIfAgingAsync(cancel).ConfigureAwait(false);
        return await SendAsync<TRequest, TReply>(request, cancel).ConfigureAwait(false);
    }

    /// <summary>Closes the connection. The HSM ends what the instance had open.</summary>
    public ValueTask DisposeAsync() => _reconnector.DisposeAsync();

    private async Task<TReply> SendAsync<TRequest, TReply>(TRequest request, CancellationToken cancel)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        var giveUp = _reconnector.Deadline();
        while (true)
        {
            var connection = await _reconnector.GetAsync(giveUp, cancel).ConfigureAwait(false);
            try
            {
                return await connection.CallAsync<TRequest, TReply>(request, _options.AnswerWithin, cancel).ConfigureAwait(false);
            }
            catch (HsmUnreachableException e) when ((!e.MayHaveTakenEffect || Retries.AreHarmless(TRequest.Function)) && !giveUp.IsOver)
            {
                // The next round looks for an HSM that answers; a creation carries its number, so that it happens once.
            }
        }
    }
}
