using System.Diagnostics;
using System.Text.RegularExpressions;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.OpenSsl;

/// <summary>A running <c>openssl s_server</c> that answers one page, on a port that the system gave it.</summary>
internal sealed class OpenSslServer : IDisposable
{
    private readonly Process _process;
    private readonly string _log;
    private readonly string _certificate;
    private readonly string _port;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="scratch">where its log goes</param>
    /// <param name="certificate">a file, which its clients trust</param>
    /// <param name="environment">of the process</param>
    /// <param name="key">the options that name its private key</param>
    public OpenSslServer(Scratch scratch, string certificate, IReadOnlyDictionary<string, string> environment, params string[] key)
    {
        (_log, _certificate) = (scratch["s_server.log"], certificate);
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", "log=$1; shift; exec openssl s_server -accept 127.0.0.1:0 -www \"$@\" >\"$log\" 2>&1", "sh", _log, "-cert", certificate, .. key]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;

        // It writes the port that it was given: "ACCEPT 127.0.0.1:40809".
        var accept = Match.Empty;
        Waiting.Until(() => (accept = Regex.Match(Log, @"(?m)^ACCEPT .*:(\d+)$")).Success || _process.HasExited, "s_server listens", TimeSpan.FromSeconds(60));
        Assert.True(accept.Success, Log);
        _port = accept.Groups[1].Value;
    }

    private string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <summary>One handshake, and the page.</summary>
    /// <param name="options">of s_client</param>
    public void Get(params string[] options)
    {
        var client = Programs.Run(
            "openssl", ["s_client", "-connect", $"127.0.0.1:{_port}", .. options, "-CAfile", _certificate, "-verify_return_error", "-ign_eof"], input: "GET / HTTP/1.0\r\n\r\n").MustSucceed();
        Assert.Contains("Verify return code: 0 (ok)", client.Output, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.0 200 ok", client.Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
