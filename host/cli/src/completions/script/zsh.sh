#compdef ct-host
# Completions of ct-host for zsh: source <(ct-host completions zsh), behind compinit; or this file as _ct-host in a folder of $fpath.

_ct_host() {
    local line word
    local -a lines described
    lines=("${(@f)$(ct-host complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2> /dev/null)}")
    # What stands before the value of --flag=value stays as it is.
    compset -P '--[a-z-]#='
    case $lines[1] in
        files) _files ;;
        folders) _files -/ ;;
        words)
            for line in "${(@)lines[2,-1]}"; do
                word=${${line%%$'\t'*}#$IPREFIX}
                described+=("${word//:/\\:}:${line#*$'\t'}")
            done
            _describe -t values ct-host described
            ;;
    esac
}

if [[ $funcstack[1] == _ct-host ]]; then
    _ct_host "$@"
else
    compdef _ct_host ct-host
fi
