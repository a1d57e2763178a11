using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Strongroom.Architecture.Tests;

/// <summary>References point one way: Crypto ← Store ← Hsm ← Node, and Wire ← Client ← Cli, Server.</summary>
public sealed class ReferenceTests
{
    // What each assembly may reference. Written by hand: an entry is a decision.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Strongroom.Crypto"] = [],
        ["Strongroom.Store"] = ["Strongroom.Crypto"],
        ["Strongroom.Audit"] = [],
        ["Strongroom.Hsm"] = ["Strongroom.Audit", "Strongroom.Crypto", "Strongroom.Store"],
        ["Strongroom.Wire"] = [],
        ["strongroom-hsm"] = ["Strongroom.Audit", "Strongroom.Crypto", "Strongroom.Store", "Strongroom.Hsm", "Strongroom.Wire"],
        ["Strongroom.Client"] = ["Strongroom.Crypto", "Strongroom.Wire"],
        ["cloudhsm-cli"] = ["Strongroom.Audit", "Strongroom.Wire", "Strongroom.Client"],
        ["strongroom"] = ["Strongroom.Crypto", "Strongroom.Wire", "Strongroom.Client"],
    };

    public static TheoryData<string> Assemblies => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void No_reference_points_upward(string assembly)
    {
        var found = References(assembly).Where(Allowed.ContainsKey);
        Assert.Empty(found.Except(Allowed[assembly]));
    }

    [Theory]
    [InlineData("Strongroom.Audit")]
    [InlineData("Strongroom.Crypto")]
    [InlineData("Strongroom.Store")]
    [InlineData("Strongroom.Hsm")]
    public void The_module_knows_no_network_and_no_web_framework(string assembly) =>
        Assert.DoesNotContain(References(assembly), name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name is "System.Net.Sockets" or "System.Net.Http");

    [Fact]
    public void Only_the_store_opens_databases() =>
        Assert.Equal(["Strongroom.Store"], Allowed.Keys.Where(a => References(a).Any(r => r.StartsWith("Microsoft.Data.Sqlite", StringComparison.Ordinal))));

    private static List<string> References(string assembly)
    {
        using var reader = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
