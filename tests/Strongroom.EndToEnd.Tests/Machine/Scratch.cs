namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>A directory for a test's files, readable by every user (nginx's workers are another one).</summary>
public sealed class Scratch : IDisposable
{
    public Scratch() => File.SetUnixFileMode(Folder, File.GetUnixFileMode(Folder) | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

    public string Folder { get; } = Directory.CreateTempSubdirectory("sr-e2e-scratch-").FullName;

    public string this[string name] => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
