using Org.BouncyCastle.Security;

namespace Strongroom.Crypto;

// What BouncyCastle draws comes from our own generator, and so from fresh bytes of the kernel each time.
internal sealed class DrawnRandom() : SecureRandom(null)
{
    public static DrawnRandom Instance { get; } = new();

    public override void NextBytes(byte[] buffer) => RandomSource.FillSecret(buffer);

    public override void NextBytes(byte[] buffer, int start, int length) => RandomSource.FillSecret(buffer.AsSpan(start, length));

    public override void NextBytes(Span<byte> buffer) => RandomSource.FillSecret(buffer);

    public override byte[] GenerateSeed(int length)
    {
        var seed = new byte[length];
        RandomSource.FillSecret(seed);
        return seed;
    }

    public override void GenerateSeed(Span<byte> seed) => RandomSource.FillSecret(seed);
}
