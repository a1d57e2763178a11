namespace Strongroom.Server.Terminal;

/// <summary>How a value is to be taken; on a terminal it decides the colour.</summary>
internal enum Tone
{
    Neutral,
    Good,
    Waiting,
    Bad,
}
