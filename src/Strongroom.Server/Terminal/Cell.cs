namespace Strongroom.Server.Terminal;

/// <summary>One field of a table.</summary>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Neutral)
{
    public static implicit operator Cell(string text) => new(text);
}
