namespace Strongroom.Hsm;

/// <summary>CK_STATE.</summary>
public enum SessionState : ulong
{
    ReadOnlyPublic = 0,
    ReadOnlyUser = 1,
    ReadWritePublic = 2,
    ReadWriteUser = 3,
    ReadWriteSo = 4,
}
