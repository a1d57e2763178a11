namespace Strongroom.Store.Commits;

/// <summary>Lets the consumer decode a record and names the record when it can't.</summary>
internal static class Preparation
{
    /// <exception cref="StoreDamagedException">The content is genuine, but has a form that this program does not know.</exception>
    public static object? Run(IRecordConsumer consumer, string path, ReadOnlyMemory<byte> content)
    {
        try
        {
            return consumer.Prepare(path, content);
        }
        catch (FormatException unknown)
        {
            throw new StoreDamagedException($"record '{path}'", $"it opens, but can't be read: {unknown.Message}", unknown);
        }
    }
}
