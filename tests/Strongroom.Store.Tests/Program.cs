namespace Strongroom.Store.Tests;

/// <summary>Runs the tests, or with a verb what <see cref="Writer"/> and <see cref="Measurement"/> do.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        ["write", var folder, var hsm] => Writer.RunAsync(folder, hsm),
        ["sample", var folder] => Sample.WriteAsync(folder),
        ["measure", .. var what] => Measurement.RunAsync(what),
        _ => Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
    };
}
