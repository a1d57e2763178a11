using System.CommandLine;

namespace Strongroom.Cli.Shell;

/// <summary>completion: the file that makes a shell complete this program's commands and options. The file asks the program itself, so that it knows what the program knows.</summary>
internal static class CompletionCommand
{
    private static readonly (string Shell, string Where, string Script)[] Scripts =
    [
        ("bash", "source <(cloudhsm-cli completion bash)", """
            _cloudhsm_cli() {
                local word=${COMP_WORDS[COMP_CWORD]} IFS=$'\n'
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$word"))
                [ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default
            }
            complete -F _cloudhsm_cli cloudhsm-cli
            """),
        ("zsh", "cloudhsm-cli completion zsh > \"${fpath[1]}/_cloudhsm-cli\"", """
            #compdef cloudhsm-cli
            _cloudhsm_cli() {
                local -a found
                found=(${(f)"$("${words[1]}" "[suggest:${#BUFFER}]" "$BUFFER" 2>/dev/null)"})
                if (( ${#found} )); then compadd -a found; else _files; fi
            }
            if [[ ${funcstack[1]} == _cloudhsm-cli ]]; then _cloudhsm_cli "$@"; else compdef _cloudhsm_cli cloudhsm-cli; fi
            """),
        ("fish", "cloudhsm-cli completion fish > ~/.config/fish/completions/cloudhsm-cli.fish", """
            function __cloudhsm_cli
                set -l line (commandline -cp)
                cloudhsm-cli "[suggest:"(string length -- $line)"]" $line 2>/dev/null
            end
            complete -c cloudhsm-cli -a '(__cloudhsm_cli)'
            """),
    ];

    public static IEnumerable<Command> CreateAll(CommandShell shell) => Scripts.Select(one => shell.DefineStream(
        one.Shell, $"Completion for {one.Shell}. Example: {one.Where}", call => call.Shell.Output.WriteLineAsync(one.Script)));
}
