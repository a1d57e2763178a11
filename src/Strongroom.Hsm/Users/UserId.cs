namespace Strongroom.Hsm;

/// <summary>A user's number, drawn at its creation: a deleted user's name can be given again, its number is not, so nothing passes from the one to the other. 0 is nobody.</summary>
public readonly record struct UserId(ulong Value)
{
    public static UserId None => default;
}
