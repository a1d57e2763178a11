using Strongroom.Hsm.Audit;

namespace Strongroom.Audit.Tests.Log;

/// <summary>A log whose file is taken away while it is written to says so: what goes there now, nobody will find.</summary>
public sealed class LostFileTests : IAsyncLifetime
{
    private readonly TestLog _log = new(options => options with { HeadInterval = TimeSpan.FromMilliseconds(20) });

    public async ValueTask InitializeAsync()
    {
        await _log.OpenAsync();
        _log.Sign(1, count: 10);
        await _log.Log.SettleAsync();
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task Untouched_and_over_new_segments_it_goes_on()
    {
        _log.Sign(1, count: 30_000);
        await _log.Log.SettleAsync();
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.True(_log.Segments().Count > 3);
        Assert.False(_log.Log.Broken.IsCompleted);
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("replaced")]
    [InlineData("renamed")]
    [InlineData("cut")]
    public async Task What_happened_is_said_with_the_files_name(string change)
    {
        var path = _log.Segments().Last(segment => new FileInfo(segment.Path).Length > 0).Path;
        switch (change)
        {
            case "removed":
                File.Delete(path);
                break;
            case "replaced":
                File.Copy(path, path + ".copy");
                File.Move(path + ".copy", path, overwrite: true);
                break;
            case "renamed":
                File.Move(path, path + ".away");
                break;
            default:
                using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
                {
                    RandomAccess.SetLength(file, 100);
                }

                break;
        }

        if (change == "cut")
        {
            // Not even what is written at once covers it up.
            _log.Sign(20);
            await Record.ExceptionAsync(async () => await _log.Log.SettleAsync());
        }

        var cause = Assert.IsType<AuditFailedException>(await _log.Log.Broken.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.StartsWith(path, cause.Message, StringComparison.Ordinal);
    }
}
