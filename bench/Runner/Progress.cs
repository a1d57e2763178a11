namespace Strongroom.Bench;

internal static class Progress
{
    public static void Say(string line) => Console.Error.WriteLine(line);
}
