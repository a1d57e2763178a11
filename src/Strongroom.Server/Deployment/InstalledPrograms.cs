namespace Strongroom.Server.Deployment;

/// <summary>Where our own executables lie: beside the one that runs now.</summary>
internal static class InstalledPrograms
{
    private static readonly string Folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    public static string Strongroom => Find("strongroom");

    public static string Hsm => Find("strongroom-hsm");

    // One program under four names; it looks at the name it was called by.
    private static readonly string[] CloudHsmNames = ["cloudhsm-cli", "configure-cli", "configure-pkcs11", "configure-dyn"];

    /// <summary>The PKCS#11 library that applications load.</summary>
    public static string Pkcs11Module => Find("libstrongroom_pkcs11.so");

    /// <summary>Makes DIR/bin name the programs, so that DIR/env can put them on PATH.</summary>
    public static void Link(Layout layout)
    {
        Link(layout, "strongroom", Strongroom);
        Link(layout, "strongroom-hsm", Hsm);
        foreach (var name in CloudHsmNames)
        {
            Link(layout, name, Find("cloudhsm-cli"));
        }
    }

    private static void Link(Layout layout, string name, string program)
    {
        var link = Path.Combine(layout.Programs, name);
        if (new FileInfo(link).LinkTarget == program)
        {
            return;
        }

        var draft = $"{link}.{Environment.ProcessId}.new";
        File.Delete(draft);
        File.CreateSymbolicLink(draft, program);
        File.Move(draft, link, overwrite: true);
    }

    private static string Find(string name)
    {
        var path = Path.Combine(Folder, name);
        return File.Exists(path) ? path : throw new RefusalException($"{path} is missing.", "Start with ./strongroom of the repository, which builds everything into one folder.");
    }
}
