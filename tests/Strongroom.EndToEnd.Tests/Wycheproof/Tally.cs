namespace Strongroom.EndToEnd.Tests.Wycheproof;

/// <summary>Collects what went wrong in one file, so that a failure shows all of it at once.</summary>
internal sealed class Tally
{
    private readonly List<string> _wrong = [];
    private int _valid;
    private int _invalid;

    public void Expect(Vector vector, bool accepted, string what)
    {
        if (vector.IsValid ? !accepted : vector.IsInvalid && accepted)
        {
            _wrong.Add($"test {vector.Id}: {what}");
        }

        _ = vector.IsValid ? _valid++ : vector.IsInvalid ? _invalid++ : 0;
    }

    /// <summary>A valid input beyond a stated limit: it must be refused as such.</summary>
    public void ExpectRefusal(Vector vector, bool refused, string what)
    {
        if (!refused)
        {
            _wrong.Add($"test {vector.Id}, beyond a limit: {what}");
        }
    }

    /// <summary>Fails with the list of wrong answers, or when nothing was tested.</summary>
    public void Close()
    {
        Assert.True(_wrong.Count == 0, $"{_wrong.Count} wrong answers: {string.Join("; ", _wrong.Take(20))}");
        Assert.True(_valid + _invalid > 0, "no vector was tested");
    }
}
