/// The scripts by which a shell runs `sereno __complete` for every word.
enum CompletionScript {
    /// The script for a shell; `nil` for a shell without one.
    static func of(shell: String) -> String? {
        switch shell {
        case "bash": bash
        case "zsh": zsh
        case "fish": fish
        default: nil
        }
    }

    // The words come from the line itself: bash cuts them at : and =, which image names contain.
    private static let bash = """
        # bash completion for sereno; load with: source <(sereno completion bash)
        _sereno() {
            local line="${COMP_LINE:0:COMP_POINT}" words current cut candidate
            read -r -a words <<< "$line"
            [[ "$line" =~ [[:space:]]$ ]] && words+=("")
            current="${words[${#words[@]} - 1]}"
            cut="${current%"${current##*[:=]}"}"
            COMPREPLY=()
            while IFS= read -r candidate; do
                COMPREPLY+=("${candidate#"$cut"}")
            done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
        }
        complete -o default -F _sereno sereno

        """

    private static let zsh = """
        #compdef sereno
        # zsh completion for sereno; load with: source <(sereno completion zsh)
        _sereno() {
            local -a candidates
            candidates=("${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            candidates=("${(@)candidates:#}")
            if (( ${#candidates} )); then compadd -- "${candidates[@]}"; else _files; fi
        }
        compdef _sereno sereno

        """

    private static let fish = """
        # fish completion for sereno; load with: sereno completion fish | source
        function __sereno_complete
            set -l words (commandline -opc)
            sereno __complete $words[2..-1] (commandline -ct) 2>/dev/null
        end
        complete -c sereno -a '(__sereno_complete)'

        """
}
