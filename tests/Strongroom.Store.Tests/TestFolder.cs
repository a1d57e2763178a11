namespace Strongroom.Store.Tests;

/// <summary>A directory that is gone after the test, or somebody else's that stays.</summary>
internal sealed class TestFolder(string? existing = null) : IDisposable
{
    public string Path { get; } = existing ?? Directory.CreateTempSubdirectory("strongroom-store-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (existing is null)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
