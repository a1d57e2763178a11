using System.Reflection;
using Strongroom.Cli.Configuration;
using Strongroom.Cli.Logins;
using Strongroom.Client;

namespace Strongroom.Cli.Shell;

/// <summary>The connection to one cluster, its login and its session, each made at first use.</summary>
internal sealed class ClusterLink(ClusterConfiguration configuration) : IAsyncDisposable
{
    // A person or a script waits: an HSM that does not answer in this time is down.
    private static readonly TimeSpan ReachWithin = TimeSpan.FromSeconds(5);

    private readonly HsmClient _client = new(Options(configuration, configuration.Hsms));
    private HsmSession? _session;

    public ClusterConfiguration Configuration { get; } = configuration;

    public HsmClient Client => _client;

    /// <summary>Who is logged in; null if nobody is.</summary>
    public Identity? Login { get; private set; }

    /// <summary>A client for one of the cluster's HSMs alone.</summary>
    public HsmClient Single(HsmAddress hsm) => new(Options(Configuration, [hsm]));

    /// <summary>The read-write session in which this program manages keys.</summary>
    public async Task<HsmSession> SessionAsync(CancellationToken cancel) =>
        _session ??= await _client.OpenSessionAsync(readWrite: true, cancel).ConfigureAwait(false);

    public async Task LogInAsync(Credentials credentials, CancellationToken cancel)
    {
        await _client.LoginAsync(credentials.Identity.UserType, credentials.Identity.Name, credentials.Password, cancel).ConfigureAwait(false);
        Login = credentials.Identity;
    }

    public async Task LogInAsync(Credentials credentials, ReadOnlyMemory<byte> challenge, ReadOnlyMemory<byte> signature, CancellationToken cancel)
    {
        await _client.LoginWithMfaAsync(credentials.Identity.UserType, credentials.Identity.Name, credentials.Password, challenge, signature, cancel).ConfigureAwait(false);
        Login = credentials.Identity;
    }

    public async Task LogOutAsync(CancellationToken cancel)
    {
        Login = null;
        _session = null;
        await _client.LogoutAsync(cancel).ConfigureAwait(false);
    }

    // Closing the connection ends the instance with its session and login.
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static HsmClientOptions Options(ClusterConfiguration cluster, IReadOnlyList<HsmAddress> hsms) => new()
    {
        ClusterId = cluster.ClusterId,
        Hsms = [.. hsms.Select(hsm => hsm.Resolve())],
        Trust = cluster.Trust(),
        ClientCertificate = cluster.ClientCertificate(),
        Application = $"cloudhsm-cli/{Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}",
        ReachWithin = ReachWithin,
    };
}
