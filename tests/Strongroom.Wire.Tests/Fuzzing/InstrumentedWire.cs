using System.Runtime.Loader;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Strongroom.Wire.Fuzzing;

/// <summary>
/// A copy of Strongroom.Wire in which each outcome of each branch is counted, loaded beside the real one together with a copy of these tests, whose <see cref="Readers"/> then read with it.
/// The counts guide the fuzzer and measure the corpus.
/// </summary>
internal sealed class InstrumentedWire
{
    private const string CounterType = "BranchCounts";
    private const string CounterField = "Hits";
    private const string CompilersOwn = "";
    private readonly List<string> _methods = [];
    private FieldReference? _hits;

    /// <summary>Instruments and loads.</summary>
    /// <param name="plant">changes the copy before it is instrumented; null: leaves it as it is</param>
    public InstrumentedWire(Action<ModuleDefinition>? plant = null)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(FrameReader).Assembly.Location);
        var module = assembly.MainModule;
        plant?.Invoke(module);
        var counter = new TypeDefinition("", CounterType, TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed, module.TypeSystem.Object);
        var field = new FieldDefinition(CounterField, FieldAttributes.Public | FieldAttributes.Static, new ArrayType(module.TypeSystem.Byte));
        counter.Fields.Add(field);
        _hits = field;
        foreach (var method in module.GetTypes().ToList().SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            Instrument(method);
        }

        module.Types.Add(counter);
        using var image = new MemoryStream();
        assembly.Write(image);
        image.Position = 0;

        var context = new AssemblyLoadContext("instrumented");
        var wire = context.LoadFromStream(image);
        Hits = new byte[_methods.Count];
        wire.GetType(CounterType)!.GetField(CounterField)!.SetValue(null, Hits);
        var readers = context.LoadFromAssemblyPath(typeof(Readers).Assembly.Location).GetType(typeof(Readers).FullName!)!;
        Judge = readers.GetMethod(nameof(Readers.Judge))!.CreateDelegate<Func<byte[], string?>>();
    }

    /// <summary><see cref="Readers.Judge"/>, over the copy.</summary>
    public Func<byte[], string?> Judge { get; }

    /// <summary>How often each outcome of each branch came, modulo 256; the caller clears it.</summary>
    public byte[] Hits { get; }

    /// <summary>The method that each outcome belongs to.</summary>
    public IReadOnlyList<string> Methods => _methods;

    /// <summary>Whether an outcome belongs to what reads, and not to what writes.</summary>
    public bool IsReaders(int outcome) => _methods[outcome].Split("::") is [var type, var name]
        && (type.EndsWith(".FrameReader", StringComparison.Ordinal) || type.EndsWith(".Frames", StringComparison.Ordinal) || name == "Read"
            || (type.EndsWith(".Fields", StringComparison.Ordinal) && !name.StartsWith("Write", StringComparison.Ordinal)));

    private void Instrument(MethodDefinition method)
    {
        method.Body.SimplifyMacros();
        var code = method.Body.GetILProcessor();
        foreach (var branch in method.Body.Instructions.Where(instruction => instruction.OpCode.FlowControl == FlowControl.Cond_Branch).ToList())
        {
            // branch → stubs; the other outcome; jump over the stubs; for each target a stub that counts and goes there.
            var next = branch.Next;
            var owner = IsCompilers(branch) ? CompilersOwn : $"{method.DeclaringType.FullName}::{method.Name}";
            Count(code, next, owner);
            code.InsertBefore(next, code.Create(OpCodes.Br, next));
            if (branch.Operand is Instruction[] targets)
            {
                for (var i = 0; i < targets.Length; i++)
                {
                    targets[i] = Stub(code, next, targets[i], owner);
                }
            }
            else
            {
                branch.Operand = Stub(code, next, (Instruction)branch.Operand, owner);
            }
        }

        method.Body.OptimizeMacros();
    }

    // "Is what was thrown an exception?" before a filter, and "has the lambda been made?": one of their outcomes never comes, or once.
    private static bool IsCompilers(Instruction branch) => branch.Previous is { OpCode.Code: Code.Dup, Previous: var before }
        && (before is { OpCode.Code: Code.Isinst, Operand: TypeReference { FullName: "System.Exception" } } || before is { OpCode.Code: Code.Ldsfld, Operand: FieldReference { Name: ['<', ..] } });

    private Instruction Stub(ILProcessor code, Instruction next, Instruction target, string owner)
    {
        var first = Count(code, next, owner);
        code.InsertBefore(next, code.Create(OpCodes.Br, target));
        return first;
    }

    // Hits[n]++
    private Instruction Count(ILProcessor code, Instruction before, string owner)
    {
        Instruction[] counting =
        [
            code.Create(OpCodes.Ldsfld, _hits), code.Create(OpCodes.Ldc_I4, _methods.Count), code.Create(OpCodes.Ldelema, code.Body.Method.Module.TypeSystem.Byte), code.Create(OpCodes.Dup),
            code.Create(OpCodes.Ldind_U1), code.Create(OpCodes.Ldc_I4_1), code.Create(OpCodes.Add), code.Create(OpCodes.Conv_U1), code.Create(OpCodes.Stind_I1),
        ];
        foreach (var instruction in counting)
        {
            code.InsertBefore(before, instruction);
        }

        _methods.Add(owner);
        return counting[0];
    }
}
