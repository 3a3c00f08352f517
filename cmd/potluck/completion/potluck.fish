# Completion of potluck for fish: put it into ~/.config/fish/completions

function __potluck_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    string match -q -- '-*' $current; and set -a typed $current
    command $typed --generate-shell-completion 2>/dev/null
end

complete -c potluck -e
complete -c potluck -n __fish_use_subcommand -f -a '(__potluck_complete)'
complete -c potluck -n 'not __fish_use_subcommand' -a '(__potluck_complete)'
