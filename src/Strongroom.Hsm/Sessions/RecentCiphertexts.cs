namespace Strongroom.Hsm.Sessions;

/// <summary>What an instance's newest encapsulations gave beside their keys, so that a retry is answered as the first try was. Ciphertexts are no secrets.</summary>
internal sealed class RecentCiphertexts
{
    // A session has one request in flight; this is far more than an instance retries at a time.
    private const int Kept = 128;

    // In the order of their arrival; locked by itself.
    private readonly Queue<(CreationNumber Number, byte[] Ciphertext)> _newest = new();

    public void Add(CreationNumber number, byte[] ciphertext)
    {
        lock (_newest)
        {
            _newest.Enqueue((number, ciphertext));
            if (_newest.Count > Kept)
            {
                _newest.Dequeue();
            }
        }
    }

    public byte[]? Find(CreationNumber number)
    {
        lock (_newest)
        {
            return _newest.FirstOrDefault(one => one.Number == number).Ciphertext;
        }
    }
}
