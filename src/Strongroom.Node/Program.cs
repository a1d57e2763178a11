using Strongroom.Crypto;
using Strongroom.Node.CommandLine;
using Strongroom.Node.Start;
using Strongroom.Node.State;

// strongroom-hsm: one HSM. Exit codes: 0 stopped as asked; 1 refused (unseal, restore); 2 must not run as it was started; 3 failed while it ran.
try
{
    var arguments = Arguments.Parse(args);
    return arguments.Verb switch
    {
        "run" => await RunCommand.RunAsync(arguments),
        "create" => await CreateCommand.RunAsync(arguments),
        "unseal" => await UnsealCommand.RunAsync(arguments),
        "restore" => await RestoreCommand.RunAsync(arguments),
        _ => Usage.Print(Console.Out),
    };
}
catch (UsageException e)
{
    await Console.Error.WriteLineAsync($"strongroom-hsm: {e.Message}");
    Usage.Print(Console.Error);
    return 2;
}
catch (Exception e) when (e is StartRefusedException or StateException or CryptoException)
{
    await Console.Error.WriteLineAsync($"strongroom-hsm: {e.Message}");
    return 2;
}
