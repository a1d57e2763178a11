using System.Net.Sockets;
using Strongroom.Client.Connections;
using Strongroom.Wire;

namespace Strongroom.Client;

/// <summary>
/// Talks to one HSM process over its own Unix socket: life, birth and health. No function of it can use a key.
/// A call fails with <see cref="HsmRefusedException"/> if the HSM says no, with <see cref="HsmUnreachableException"/> if it is not there.
/// </summary>
/// <param name="socketPath">the HSM's control.sock</param>
public sealed class ControlClient(string socketPath) : IAsyncDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    // A million keys are read, written, and read back.
    private static readonly TimeSpan BackupWithin = TimeSpan.FromHours(1);
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private Connection? _connection;

    /// <summary>Health, place in life and counters.</summary>
    public Task<DescribeHsmReply> DescribeAsync(CancellationToken cancel = default) => CallAsync<DescribeHsmRequest, DescribeHsmReply>(new(), cancel);

    /// <summary>The PEM request with which the ceremony certifies the HSM's hardware identity.</summary>
    public async Task<string> GetIdentityRequestAsync(CancellationToken cancel = default) =>
        (await CallAsync<GetIdentityRequestsRequest, GetIdentityRequestsReply>(new(), cancel).ConfigureAwait(false)).Csr;

    /// <summary>Hands over the two hardware certificates, PEM.</summary>
    public Task InstallIdentityAsync(string ownerPem, string manufacturerPem, CancellationToken cancel = default) =>
        CallAsync<InstallIdentityRequest, InstallIdentityReply>(new(ownerPem, manufacturerPem), cancel);

    /// <summary>Birth. Returns the one-time code that activates the cluster; it is shown this once.</summary>
    /// <param name="clusterId">cluster-…</param>
    /// <param name="mode">FIPS or NON_FIPS</param>
    /// <param name="cancel">stops waiting</param>
    public async Task<string> CreateClusterAsync(string clusterId, string mode, CancellationToken cancel = default) =>
        (await CallAsync<CreateClusterRequest, CreateClusterReply>(new(clusterId, mode), cancel).ConfigureAwait(false)).Code;

    /// <summary>The certificates of cloudhsm.md 1.3, PEM each, empty where there is none.</summary>
    public Task<GetCertificatesReply> GetCertificatesAsync(CancellationToken cancel = default) =>
        CallAsync<GetCertificatesRequest, GetCertificatesReply>(new(), cancel);

    /// <summary>The customer's claim: the cluster's certificate and the CA that signed it, PEM.</summary>
    public Task InitializeAsync(string signedCertPem, string trustAnchorPem, CancellationToken cancel = default) =>
        CallAsync<InitializeRequest, InitializeReply>(new(signedCertPem, trustAnchorPem), cancel);

    /// <summary>Opens a passphrase root of trust. A wrong passphrase is refused after a while.</summary>
    public Task UnsealAsync(ReadOnlyMemory<byte> passphrase, CancellationToken cancel = default) =>
        CallAsync<UnsealRequest, UnsealReply>(new(passphrase), cancel);

    /// <summary>Writes a backup on the HSM's own machine. <see cref="DescribeAsync"/> of another client counts the records meanwhile.</summary>
    /// <param name="path">absolute; nothing is overwritten</param>
    /// <param name="cancel">stops waiting</param>
    public Task<BackupReply> BackupAsync(string path, CancellationToken cancel = default) => CallAsync<BackupRequest, BackupReply>(new(path), cancel, BackupWithin);

    /// <summary>Lets a blank HSM take a backup: see the schema's Restore.</summary>
    public Task RestoreAsync(string path, ReadOnlyMemory<byte> passphrase, string rootKeyFile, CancellationToken cancel = default) =>
        CallAsync<RestoreRequest, RestoreReply>(new(path, passphrase, rootKeyFile), cancel, BackupWithin);

    /// <summary>Accepts a store that is older than the HSM remembers; by as many admins of the cluster as change its quorum values. A wrong password is refused after a while.</summary>
    public Task<AcceptStoreReply> AcceptStoreAsync(WireAdminWord[] words, CancellationToken cancel = default) =>
        CallAsync<AcceptStoreRequest, AcceptStoreReply>(new(words), cancel, BackupWithin);

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _connecting.Dispose();
    }

    private async Task<TReply> CallAsync<TRequest, TReply>(TRequest request, CancellationToken cancel, TimeSpan? within = null)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply>
    {
        var connection = await ConnectAsync(cancel).ConfigureAwait(false);
        return await connection.CallAsync<TRequest, TReply>(request, within ?? AnswerWithin, cancel).ConfigureAwait(false);
    }

    private async Task<Connection> ConnectAsync(CancellationToken cancel)
    {
        await _connecting.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_connection is { IsOpen: true } open)
            {
                return open;
            }

            if (_connection is { } broken)
            {
                _connection = null;
                await broken.DisposeAsync().ConfigureAwait(false);
            }

            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                throw new HsmUnreachableException($"no HSM answers at {socketPath}: {e.Message}", mayHaveTakenEffect: false, e);
            }

            return _connection = new Connection(new NetworkStream(socket, ownsSocket: true), socketPath);
        }
        finally
        {
            _connecting.Release();
        }
    }
}
