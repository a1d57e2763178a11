using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>The completion files, in the shells that they are for.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class CompletionTests(QuickstartDeployment deployment)
{
    private Dictionary<string, string> Environment => new(deployment.Variables) { ["PATH"] = Path.Combine(deployment.Dir, "bin") + ":/usr/bin:/bin" };

    [Theory]
    [InlineData("cloudhsm-cli key wr", "wrap")]
    [InlineData("cloudhsm-cli key generate-asymmetric-pair ec --cur", "--curve")]
    [InlineData("cloudhsm-cli key generate-asymmetric-pair ec --curve secp5", "secp521r1")]
    public void Bash_completes(string line, string word)
    {
        var script = $$"""
            source <(cloudhsm-cli completion bash)
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=($COMP_LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _cloudhsm_cli
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        Assert.Equal([word], Programs.Run("bash", ["-c", script], Environment).MustSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Fish_completes()
    {
        var output = Programs.Run("fish", ["--no-config", "-c", "cloudhsm-cli completion fish | source; complete -C 'cloudhsm-cli key wr'"], Environment).MustSucceed().Output;
        Assert.Contains("wrap", output.Split('\n').Select(line => line.Split('\t')[0]));
    }

    [Fact]
    public void Zsh_completes()
    {
        const string script = """
            compdef() { :; }; compadd() { shift; print -l -- "${(@P)1}"; }; _files() { :; }
            source <(cloudhsm-cli completion zsh)
            BUFFER='cloudhsm-cli key wr'; words=(cloudhsm-cli key wr)
            _cloudhsm_cli
            """;
        Assert.Contains("wrap", Programs.Run("zsh", ["-f", "-c", script], Environment).MustSucceed().Output.Split('\n'));
    }
}
