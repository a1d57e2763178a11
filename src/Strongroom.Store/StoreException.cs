namespace Strongroom.Store;

/// <summary>A broken world: the store can't do its work, and the message says why.</summary>
public class StoreException : Exception
{
    public StoreException(string message) : base(message)
    {
    }

    public StoreException(string message, Exception? inner) : base(message, inner)
    {
    }

    /// <summary>Whether the store that threw this must be left alone from now on. Not so for a refusal that passes, such as a full disk.</summary>
    public virtual bool Fatal => true;
}
