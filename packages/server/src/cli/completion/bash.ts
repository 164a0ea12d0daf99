import { allVerbs, fixedWords, stepsOf, takesNames, type Verb } from './verbs.ts'

/**
 * A script for bash. It reads the line itself: bash parts words at colons, which actions have, and at
 * equals signs. Names from elsewhere are
 * compared, never expanded.
 */
export function bashCompletion(program: Verb): string {
  const verbs = allVerbs(program)
  const options = verbs.flatMap((verb) => verb.options.map((option) => ({ verb, option })))
  const choices = options.filter(({ option }) => option.choices.length > 0)
  const named = options.filter(({ option }) => option.names !== undefined)
  return [
    '_omen() {',
    '  local -a typed=()',
    '  local verb="" known="" ask="" cur="" prev="" word name i',
    '  read -ra typed <<< "${COMP_LINE:0:COMP_POINT}"',
    '  [[ ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && typed+=("")',
    '  local last=$((${#typed[@]} - 1))',
    '  cur="${typed[last]}" prev="${typed[last-1]}"',
    '  COMPREPLY=()',
    '  for ((i = 1; i < last; i++)); do',
    '    case "$verb:${typed[i]}" in',
    ...stepsOf(program).map(([step, to]) => `      '${step}') verb='${to}' ;;`),
    '      *:--) return ;;',
    '    esac',
    '  done',
    '  case "$verb:$prev" in',
    ...choices.map(
      ({ verb, option }) => `    '${verb.path}:${option.flag}') known='${option.choices.join(' ')}' ;;`,
    ),
    ...named.map(({ verb, option }) => `    '${verb.path}:${option.flag}') ask=1 ;;`),
    '    *) case "$verb" in',
    ...verbs.map(
      (verb) =>
        `      '${verb.path}') known='${fixedWords(verb).join(' ')}'${takesNames(verb) ? ' ask=1' : ''} ;;`,
    ),
    '    esac ;;',
    '  esac',
    '  for word in $known; do [[ $word == "$cur"* ]] && COMPREPLY+=("$word"); done',
    '  if [[ -n $ask && $cur != -* ]]; then',
    '    while IFS= read -r name; do [[ $name == "$cur"* ]] && COMPREPLY+=("$name"); done \\',
    '      < <(omen completion words -- "${typed[@]:1}" 2>/dev/null)',
    '  fi',
    '  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *: ]] && compopt -o nospace 2>/dev/null',
    '  for word in : =; do',
    '    [[ $cur == *"$word"* && $COMP_WORDBREAKS == *"$word"* ]] || continue',
    '    for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]="${COMPREPLY[i]#"${cur%"${cur##*"$word"}"}"}"; done',
    '  done',
    '}',
    'complete -o default -F _omen omen',
    '',
  ].join('\n')
}
