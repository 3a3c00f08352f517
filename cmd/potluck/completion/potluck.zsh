#compdef potluck
# Completion of potluck for zsh: source <(potluck completion zsh)

_potluck() {
  local current=${words[CURRENT]} line
  local -a typed=("${(@Q)words[1,CURRENT-1]}") found
  [[ $current == -* ]] && typed+=("$current")
  for line in "${(@f)$("${typed[@]}" --generate-shell-completion 2>/dev/null)}"; do
    [[ -n $line ]] && found+=("${line%%$'\t'*}:${line#*$'\t'}")
  done
  if (( $#found )); then
    _describe 'potluck' found
  else
    _files
  fi
}

if [[ $funcstack[1] == _potluck ]]; then
  _potluck "$@"
else
  compdef _potluck potluck
fi
