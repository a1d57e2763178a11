namespace Strongroom.Node.CommandLine;

/// <summary>A verb and its options. Each option is known to exactly the verbs that take it; anything else is refused.</summary>
internal sealed class Arguments
{
    private static readonly Dictionary<string, string[]> Values = new()
    {
        ["run"] = ["--state"],
        ["create"] = ["--state", "--hsm", "--address", "--store", "--root-of-trust"],
        ["unseal"] = ["--state"],
        ["restore"] = ["--state", "--backup"],
        ["help"] = [],
    };

    private static readonly Dictionary<string, string[]> Optional = new()
    {
        ["restore"] = ["--root-key"],
    };

    private static readonly Dictionary<string, string[]> Switches = new()
    {
        ["run"] = ["--exit-with-parent"],
        ["create"] = ["--passphrase-stdin"],
        ["unseal"] = ["--passphrase-stdin"],
        ["restore"] = ["--passphrase-stdin"],
        ["help"] = [],
    };

    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _switches = [];

    private Arguments(string verb) => Verb = verb;

    /// <summary>run, create, unseal, restore or help.</summary>
    public string Verb { get; }

    /// <summary>Reads a command line; without a verb it is "run".</summary>
    /// <exception cref="UsageException">a verb or option is unknown, missing or given twice</exception>
    public static Arguments Parse(string[] arguments)
    {
        var hasVerb = arguments.Length > 0 && !arguments[0].StartsWith('-');
        var verb = arguments is ["--help"] or ["-h"] ? "help" : hasVerb ? arguments[0] : "run";
        if (!Values.TryGetValue(verb, out var values))
        {
            throw new UsageException($"there is no command {verb}");
        }

        var parsed = new Arguments(verb);
        for (var i = hasVerb || verb == "help" ? 1 : 0; i < arguments.Length; i++)
        {
            var option = arguments[i];
            if (Switches[verb].Contains(option))
            {
                parsed._switches.Add(option);
            }
            else if (!values.Contains(option) && !Optional.GetValueOrDefault(verb, []).Contains(option))
            {
                throw new UsageException($"{verb} has no option {option}");
            }
            else if (i + 1 == arguments.Length || !parsed._values.TryAdd(option, arguments[++i]))
            {
                throw new UsageException($"{option} needs one value, once");
            }
        }

        foreach (var option in values)
        {
            if (!parsed._values.ContainsKey(option))
            {
                throw new UsageException($"{verb} needs {option}");
            }
        }

        return parsed;
    }

    /// <summary>An option's value.</summary>
    public string this[string option] => _values[option];

    /// <summary>An option that may be left out; null if it was.</summary>
    public string? Find(string option) => _values.GetValueOrDefault(option);

    /// <summary>Whether a switch was given.</summary>
    public bool Has(string name) => _switches.Contains(name);
}
