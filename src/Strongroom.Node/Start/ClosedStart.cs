using System.Collections;
using System.Runtime.InteropServices;

namespace Strongroom.Node.Start;

/// <summary>
/// Closes the process before it holds a secret. A .NET process is open to its own user in ways that no code of ours can undo later: the diagnostic socket, start-up hooks and preloaded libraries come from the
/// environment. So only an environment that the launcher itself made is accepted, and the rest is closed by the kernel: no core dump, no ptrace, no /proc/PID/mem for the same user.
/// </summary>
public static partial class ClosedStart
{
    private const int SetDumpable = 4; // PR_SET_DUMPABLE, prctl(2)
    private const int Core = 4; // RLIMIT_CORE, getrlimit(2)

    // Everything that the launcher may set; a value fixes it. What is not here is refused, since a list of what is dangerous would never be complete.
    private static readonly Dictionary<string, string?> Allowed = new()
    {
        ["PATH"] = null,
        ["HOME"] = null,
        ["LANG"] = "C",
        [FreedMemory.Tunables] = FreedMemory.WithoutThreadCaches,
        ["DOTNET_ROOT"] = null,
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_TieredPGO"] = "1",
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
        ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "64", // connections that share none: docs/decisions/0021
    };

    /// <summary>The environment to start with: what the launcher passes on, and nothing else.</summary>
    public static IReadOnlyDictionary<string, string> CleanEnvironment()
    {
        var clean = new Dictionary<string, string>();
        foreach (var (name, value) in Allowed)
        {
            if ((value ?? Environment.GetEnvironmentVariable(name)) is { } text)
            {
                clean[name] = text;
            }
        }

        return clean;
    }

    /// <summary>Why this environment is not one that the launcher made; null if it is.</summary>
    public static string? Refuse(IDictionary environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        foreach (var name in environment.Keys.Cast<string>().Order(StringComparer.Ordinal))
        {
            if (!Allowed.TryGetValue(name, out var value))
            {
                return $"the environment variable {name} is set; strongroom-hsm starts with a cleared environment only";
            }

            if (value is not null && (string?)environment[name] != value)
            {
                return $"the environment variable {name} must be {value}";
            }
        }

        return environment switch
        {
            _ when !environment.Contains("DOTNET_EnableDiagnostics") => "the environment variable DOTNET_EnableDiagnostics must be 0: the diagnostic socket would let any program of this user in",
            _ when !environment.Contains(FreedMemory.Tunables) => $"the environment variable {FreedMemory.Tunables} must be {FreedMemory.WithoutThreadCaches}: malloc would keep freed pieces of keys in its per-thread caches",
            _ => null,
        };
    }

    /// <summary>Checks the environment and closes the process.</summary>
    /// <exception cref="StartRefusedException">it can't be closed; the message says why</exception>
    public static void Require()
    {
        if ((Refuse(Environment.GetEnvironmentVariables()) ?? Refuse(AtStart())) is { } cause)
        {
            throw new StartRefusedException(cause);
        }

        if (prctl(SetDumpable, 0, 0, 0, 0) != 0)
        {
            throw new StartRefusedException($"prctl(PR_SET_DUMPABLE, 0): {Marshal.GetLastPInvokeErrorMessage()}");
        }

        var none = default(ResourceLimit);
        if (setrlimit(Core, in none) != 0)
        {
            throw new StartRefusedException($"setrlimit(RLIMIT_CORE, 0): {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    // The environment as execve gave it: a library that was preloaded may have taken its own name out of the C library's.
    private static Dictionary<string, string> AtStart() => File.ReadAllText("/proc/self/environ")
        .Split('\0', StringSplitOptions.RemoveEmptyEntries)
        .Select(text => text.Split('=', 2))
        .GroupBy(pair => pair[0])
        .ToDictionary(pairs => pairs.Key, pairs => pairs.First() is [_, var value] ? value : "");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, in ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ResourceLimit
    {
        public readonly ulong Soft;
        public readonly ulong Hard;
    }
}
