# Completion of potluck for bash: source <(potluck completion bash)

_potluck() {
  local current=${COMP_WORDS[COMP_CWORD]} word
  local -a typed=("${COMP_WORDS[@]:0:COMP_CWORD}")
  [[ $current == -* ]] && typed+=("$current")
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    [[ $word == "$current"* ]] && COMPREPLY+=("$word")
  done < <("${typed[@]}" --generate-shell-completion 2>/dev/null)
}

complete -o bashdefault -o default -F _potluck potluck
