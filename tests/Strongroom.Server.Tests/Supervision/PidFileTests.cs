using Strongroom.Server.Deployment;
using Strongroom.Server.Supervision;

namespace Strongroom.Server.Tests.Supervision;

public sealed class PidFileTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    private Layout Layout => new(_folder.Path);

    [Fact]
    public void Only_one_supervisor_has_a_directory()
    {
        using var first = PidFile.TryTake(Layout);

        Assert.NotNull(first);
        Assert.Null(PidFile.TryTake(Layout));
        Assert.Equal(Environment.ProcessId, PidFile.Holder(Layout));
    }

    [Fact]
    public void A_pid_file_without_its_lock_is_stale()
    {
        PidFile.TryTake(Layout)!.Dispose();
        File.WriteAllText(Layout.PidFile, "1\n");

        Assert.Null(PidFile.Holder(Layout));
        using var next = PidFile.TryTake(Layout);
        Assert.NotNull(next);
        Assert.Equal(Environment.ProcessId, PidFile.Holder(Layout));
    }

    [Fact]
    public void A_directory_that_was_made_anew_is_no_longer_held()
    {
        using var held = PidFile.TryTake(Layout);
        Assert.True(held!.IsInPlace());

        Directory.Delete(_folder.Path, recursive: true);
        Directory.CreateDirectory(_folder.Path);

        Assert.False(held.IsInPlace());
    }

    public void Dispose() => _folder.Dispose();
}
