using System.Runtime.InteropServices;

namespace Strongroom.Node.Start;

/// <summary>
/// Replaces the process by itself with a cleared environment. For the commands that a person types (unseal): their shell's environment is never clean, and the passphrase must not be read by a process
/// into which that environment may have loaded something.
/// </summary>
internal static unsafe partial class Restart
{
    /// <summary>Comes back only if the environment is clean already.</summary>
    /// <exception cref="StartRefusedException">execve failed</exception>
    public static void WithCleanEnvironment()
    {
        if (ClosedStart.Refuse(Environment.GetEnvironmentVariables()) is null)
        {
            return;
        }

        var arguments = File.ReadAllText("/proc/self/cmdline").Split('\0')[..^1];
        var environment = ClosedStart.CleanEnvironment().Select(pair => $"{pair.Key}={pair.Value}").ToArray();
        Console.Out.Flush();
        _ = execve("/proc/self/exe", Native(arguments), Native(environment));
        throw new StartRefusedException($"execve(/proc/self/exe): {Marshal.GetLastPInvokeErrorMessage()}");
    }

    // Never freed: the process image that holds it is about to be replaced.
    private static byte** Native(string[] texts)
    {
        var list = (byte**)NativeMemory.AllocZeroed((nuint)texts.Length + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Length; i++)
        {
            list[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        }

        return list;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execve(string path, byte** arguments, byte** environment);
}
