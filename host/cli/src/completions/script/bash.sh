# Completions of ct-host for bash 4 and newer: source <(ct-host completions bash)

_ct_host() {
    local line current reply typed=${COMP_LINE:0:COMP_POINT}
    local -a words lines
    read -ra words <<< "$typed"
    # Behind a blank a new word begins.
    [[ $typed == *[[:space:]] ]] && words+=("")
    mapfile -t lines < <(ct-host complete -- "${words[@]:1}" 2> /dev/null)
    # Bash parts words at = and : too, and puts the reply in place of the last part, $2.
    current=${words[-1]}
    line=${current%"$2"}
    COMPREPLY=()
    case ${lines[0]} in
        files) compopt -o default ;;
        folders) compopt -o dirnames ;;
        words)
            for reply in "${lines[@]:1}"; do
                reply=${reply%%$'\t'*}
                COMPREPLY+=("${reply#"$line"}")
            done
            ;;
    esac
}

complete -F _ct_host ct-host
