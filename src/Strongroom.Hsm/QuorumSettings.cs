namespace Strongroom.Hsm;

/// <summary>How many approvals the admins' services take, and how long tokens are good for.</summary>
/// <param name="User">Approvals for changes to users; 1: none.</param>
/// <param name="Quorum">Approvals for changes to these numbers; 1: none.</param>
/// <param name="Cluster">Approvals for changes to the cluster's settings; 1: none.</param>
/// <param name="GeneratedFor">How long a token may wait for its approvals.</param>
/// <param name="ApprovedFor">How long an approved token may wait for its operation.</param>
public sealed record QuorumSettings(int User, int Quorum, int Cluster, TimeSpan GeneratedFor, TimeSpan ApprovedFor)
{
    /// <summary>A new cluster's: no approvals; ten minutes.</summary>
    public static QuorumSettings Initial { get; } = new(1, 1, 1, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10));

    /// <summary>Approvals that an admins' service takes.</summary>
    public int Of(QuorumService service) => service switch
    {
        QuorumService.User => User,
        QuorumService.Quorum => Quorum,
        QuorumService.Cluster => Cluster,
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "The service is not the admins'."),
    };

    /// <summary>The same with one service's number changed.</summary>
    public QuorumSettings With(QuorumService service, int value) => service switch
    {
        QuorumService.User => this with { User = value },
        QuorumService.Quorum => this with { Quorum = value },
        QuorumService.Cluster => this with { Cluster = value },
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "The service is not the admins'."),
    };
}
