using System.Globalization;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.WebServers;

/// <summary>The load generators of Apache and of nghttp2, with a connection for each request.</summary>
internal static class LoadTools
{
    public const int Requests = 24;

    /// <summary>Runs ab once, one request after the other (told to make several at once, it makes a few more connections than it reports); fails the test unless all <see cref="Requests"/> succeeded.</summary>
    public static void Ab(int port, string version)
    {
        var finished = Programs.Run("ab", ["-n", Text(Requests), "-c", "1", "-s", "60", "-f", version, Url(port)], within: TimeSpan.FromMinutes(3)).MustSucceed();
        Assert.Contains($"Complete requests:      {Requests}\n", finished.Output, StringComparison.Ordinal);
        Assert.Contains("Failed requests:        0\n", finished.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Non-2xx", finished.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("SSL", finished.Errors, StringComparison.Ordinal);
    }

    /// <summary>Runs h2load once, over HTTP/1.1, which all the servers speak; fails the test unless all <see cref="Requests"/> succeeded.</summary>
    public static void H2Load(int port)
    {
        var finished = Programs.Run("h2load", ["--h1", "-n", Text(Requests), "-c", Text(Requests), "-N", "60", Url(port)], within: TimeSpan.FromMinutes(3)).MustSucceed();
        Assert.Contains($"{Requests} done, {Requests} succeeded, 0 failed, 0 errored, 0 timeout", finished.Output, StringComparison.Ordinal);
        Assert.Contains($"status codes: {Requests} 2xx", finished.Output, StringComparison.Ordinal);
    }

    private static string Url(int port) => $"https://127.0.0.1:{port}/index.html";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
