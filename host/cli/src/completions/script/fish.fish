# Completions of ct-host for fish: ct-host completions fish > ~/.config/fish/completions/ct-host.fish

function __ct_host_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (ct-host complete -- $words[2..-1] "$current" 2>/dev/null)
    # What stands before the value of --flag=value stays as it is.
    set -l flag (string match -r '^--[a-z-]+=' -- "$current")
    set -l value (string replace -r '^--[a-z-]+=' '' -- "$current")
    switch "$lines[1]"
        case files
            __fish_complete_path "$value" | string replace -r '^' -- "$flag"
        case folders
            __fish_complete_directories "$value" | string replace -r '^' -- "$flag"
        case words
            printf '%s\n' $lines[2..-1]
    end
end

complete -c ct-host -f -a '(__ct_host_complete)'
