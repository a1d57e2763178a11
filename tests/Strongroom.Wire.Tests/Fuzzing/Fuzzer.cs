#pragma warning disable CA5394 // chance that can be repeated from its seed is what a fuzzer needs

namespace Strongroom.Wire.Fuzzing;

/// <summary>A coverage-guided fuzzer: an input that reaches an outcome of a branch that none reached before, or reaches it much more often, is kept and changed further.</summary>
internal sealed class Fuzzer
{
    private const int LongestInput = 4096;
    private static readonly byte[] Interesting = [0, 1, 2, 4, 5, 23, 24, 25, 26, 27, 0x20, 0x40, 0x58, 0x5A, 0x60, 0x78, 0x80, 0x81, 0x82, 0x83, 0x84, 0x98, 0x99, 0x9F, 0xF4, 0xF5, 0xF6, 0xFF];
    private readonly InstrumentedWire _wire;
    private readonly Random _random;
    private readonly byte[] _seen;
    private readonly List<byte[]> _kept = [];

    public Fuzzer(InstrumentedWire wire, int seed)
    {
        _wire = wire;
        _random = new Random(seed);
        _seen = new byte[wire.Hits.Length];
    }

    /// <summary>The inputs that were kept.</summary>
    public IReadOnlyList<byte[]> Kept => _kept;

    /// <summary>Outcomes of the readers' branches that were reached, and how many there are.</summary>
    public (int Reached, int All) Coverage
    {
        get
        {
            var readers = Enumerable.Range(0, _seen.Length).Where(_wire.IsReaders).ToList();
            return (readers.Count(outcome => _seen[outcome] != 0), readers.Count);
        }
    }

    /// <summary>The methods with outcomes that were not reached.</summary>
    public IEnumerable<string> Missing => Enumerable.Range(0, _seen.Length).Where(outcome => _wire.IsReaders(outcome) && _seen[outcome] == 0).Select(outcome => _wire.Methods[outcome]);

    /// <summary>Tries an input, and keeps it if it is new.</summary>
    /// <returns>what the readers did wrong, or null</returns>
    public string? Try(byte[] input)
    {
        Array.Clear(_wire.Hits);
        var complaint = _wire.Judge(input);
        var isNew = false;
        for (var outcome = 0; outcome < _seen.Length; outcome++)
        {
            if (_wire.Hits[outcome] is var hits and not 0)
            {
                // One bit for each power of two of hits.
                var bit = (byte)(1 << System.Numerics.BitOperations.Log2(hits));
                isNew |= (_seen[outcome] & bit) == 0;
                _seen[outcome] |= bit;
            }
        }

        if (isNew)
        {
            _kept.Add(input);
        }

        return complaint;
    }

    /// <summary>Changes kept inputs and tries them.</summary>
    /// <param name="goOn">asked before each</param>
    /// <returns>the first complaint with its input in hex, or null</returns>
    public string? Run(Func<long, bool> goOn)
    {
        for (var tried = 0L; goOn(tried); tried++)
        {
            var input = Change(_kept[_random.Next(_kept.Count)]);
            if (Try(input) is { } complaint)
            {
                return $"{Convert.ToHexString(input)}: {complaint}";
            }
        }

        return null;
    }

    private byte[] Change(byte[] input)
    {
        var changed = input.ToList();
        for (var times = _random.Next(1, 6); times > 0; times--)
        {
            var at = changed.Count == 0 ? 0 : _random.Next(changed.Count);
            switch (_random.Next(7))
            {
                case 0 when changed.Count > 0:
                    changed[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1 when changed.Count > 0:
                    changed[at] = Interesting[_random.Next(Interesting.Length)];
                    break;
                case 2:
                    changed.Insert(at, Interesting[_random.Next(Interesting.Length)]);
                    break;
                case 3 when changed.Count > 0:
                    changed.RemoveRange(at, Math.Min(_random.Next(1, 8), changed.Count - at));
                    break;
                case 4 when changed.Count > 0:
                    changed.InsertRange(at, changed.GetRange(at, Math.Min(_random.Next(1, 32), changed.Count - at)));
                    break;
                case 5 when changed.Count > 0:
                    changed[at] = (byte)_random.Next(256);
                    break;
                default:
                    var other = _kept[_random.Next(_kept.Count)];
                    changed.RemoveRange(at, changed.Count - at);
                    changed.AddRange(other.Skip(_random.Next(other.Length + 1)));
                    break;
            }
        }

        return [.. changed.Take(LongestInput)];
    }
}
