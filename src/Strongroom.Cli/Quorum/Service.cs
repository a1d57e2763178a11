using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Quorum;

/// <summary>A quorum service as commands and token files name it.</summary>
/// <param name="Name">on the command line and in answers</param>
/// <param name="InFile">in token files</param>
/// <param name="Number">on the wire</param>
internal sealed record Service(string Name, string InFile, QuorumService Number)
{
    /// <summary>Registration of a key; it takes no approvals.</summary>
    public const string Registration = "registration";

    public static IReadOnlyList<Service> All { get; } =
    [
        new("user", "user-management", QuorumService.User),
        new("quorum", "quorum-management", QuorumService.Quorum),
        new("cluster", "cluster-management", QuorumService.Cluster),
        new("key-usage", "key-usage", QuorumService.KeyUsage),
        new("key-management", "key-management", QuorumService.KeyManagement),
    ];

    /// <summary>Those of the admins.</summary>
    public static IEnumerable<Service> OfAdmins => All.Where(service => !service.IsOfKeys);

    public bool IsOfKeys => Number is QuorumService.KeyUsage or QuorumService.KeyManagement;

    public static Service Named(string name) => All.FirstOrDefault(service => service.Name == name) ?? throw new CommandRefusedException($"There is no service {name}");

    public static string NameOf(ulong number) => All.FirstOrDefault(service => (ulong)service.Number == number)?.Name ?? $"service-{number}";
}
