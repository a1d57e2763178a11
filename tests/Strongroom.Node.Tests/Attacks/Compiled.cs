using System.Diagnostics;

namespace Strongroom.Node.Attacks;

/// <summary>The attackers' programs, tests/attacks/*.c.</summary>
internal static class Compiled
{
    /// <summary>Compiles one.</summary>
    public static string Program(string folder, string name, params string[] options)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "tests/attacks", name)))
        {
            root = root.Parent ?? throw new FileNotFoundException(name);
        }

        var output = Path.Combine(folder, Path.GetFileNameWithoutExtension(name));
        using var compiler = Process.Start("cc", ["-std=gnu11", "-Wall", "-Werror", "-O1", .. options, "-o", output, Path.Combine(root.FullName, "tests/attacks", name)]);
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
        return output;
    }
}
