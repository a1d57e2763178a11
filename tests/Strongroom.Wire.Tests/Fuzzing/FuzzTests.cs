using System.Diagnostics;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Strongroom.Wire.Fuzzing;

/// <summary>The C# readers of both ends against bytes that are not what they should be. `corpus.hex` is what the fuzzer kept; STRONGROOM_KEEP_CORPUS=1 writes it anew.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const double Least = 0.95;
    private const long Tries = 20_000;
    private static readonly string CorpusFile = Path.Combine(AppContext.BaseDirectory, "Fuzzing", "corpus.hex");

    [Fact]
    public void The_corpus_reaches_95_percent_of_the_readers_branches_and_is_judged_rightly()
    {
        var fuzzer = Replay(new InstrumentedWire(), seed: 0, out var complaint);
        Assert.True(complaint is null, complaint);
        var (reached, all) = fuzzer.Coverage;
        output.WriteLine($"{reached} of {all} outcomes of the readers' branches ({100.0 * reached / all:F1} %)");
        Assert.True(reached >= Least * all, $"{reached} of {all}; missing: {string.Join(", ", fuzzer.Missing)}");
    }

    [Fact]
    public void Some_seconds_of_fuzzing_find_nothing() => Fuzz(tried => tried < Tries);

    [Fact(Explicit = true)]
    public void An_hour_of_fuzzing_finds_nothing()
    {
        using var process = Process.GetCurrentProcess();
        var until = process.TotalProcessorTime + TimeSpan.FromHours(1);
        Fuzz(tried =>
        {
            if (tried % 10_000 == 0)
            {
                process.Refresh();
            }

            return process.TotalProcessorTime < until;
        });
    }

    [Theory]
    [InlineData("what follows the array is not looked at")]
    [InlineData("numbers that do not fit are not expected")]
    [InlineData("a number may have more than one form")]
    public void A_planted_bug_is_found(string bug)
    {
        var wire = new InstrumentedWire(module => Plant(module, bug));
        var fuzzer = Replay(wire, Environment.TickCount, out var complaint);
        Assert.NotNull(complaint ?? fuzzer.Run(tried => tried < 10 * Tries));
    }

    // Takes a check out of the copy's code.
    private static void Plant(ModuleDefinition module, string bug)
    {
        switch (bug)
        {
            case "what follows the array is not looked at":
                var end = Method(module, "FrameReader", "End");
                foreach (var call in Found(end, instruction => instruction.Operand is MethodReference { Name: "get_BytesRemaining" }))
                {
                    end.Body.GetILProcessor().InsertAfter(call, Instruction.Create(OpCodes.Ldc_I4_0));
                    (call.OpCode, call.Operand) = (OpCodes.Pop, null);
                }

                break;
            case "numbers that do not fit are not expected":
                foreach (var test in Found(Method(module, "FrameReader", "IsFormat"), instruction => instruction.Operand is TypeReference { Name: nameof(OverflowException) }))
                {
                    test.Operand = module.ImportReference(typeof(TimeoutException));
                }

                break;
            default:
                foreach (var made in Found(Method(module, "FrameReader", ".ctor"), instruction => instruction.OpCode == OpCodes.Ldc_I4_2 || instruction.OpCode == OpCodes.Ldc_I4_3))
                {
                    made.OpCode = OpCodes.Ldc_I4_0; // CborConformanceMode.Lax
                }

                break;
        }
    }

    private static MethodDefinition Method(ModuleDefinition module, string type, string name) => module.GetType("Strongroom.Wire", type).Methods.Single(method => method.Name == name);

    private static List<Instruction> Found(MethodDefinition method, Func<Instruction, bool> condition)
    {
        var found = method.Body.Instructions.Where(condition).ToList();
        Assert.NotEmpty(found);
        return found;
    }

    private static Fuzzer Replay(InstrumentedWire wire, int seed, out string? complaint)
    {
        var fuzzer = new Fuzzer(wire, seed);
        complaint = File.ReadLines(CorpusFile).Select(line => fuzzer.Try(Convert.FromHexString(line))).FirstOrDefault(found => found is not null);
        return fuzzer;
    }

    private void Fuzz(Func<long, bool> goOn)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var fuzzer = Replay(new InstrumentedWire(), seed, out _);
        var complaint = fuzzer.Run(goOn);
        Assert.True(complaint is null, complaint);
        if (Environment.GetEnvironmentVariable("STRONGROOM_KEEP_CORPUS") == "1")
        {
            File.WriteAllLines(CorpusFile, fuzzer.Kept.Select(Convert.ToHexStringLower).Order(StringComparer.Ordinal));
        }
    }
}
