import { quotedWord } from '../../base/index.ts'
import { allVerbs, fixedWords, stepsOf, takesNames, type Verb, wordsOf } from './verbs.ts'

/** A script for zsh, by its own completion. No variable is called `path`: in zsh that is the PATH. */
export function zshCompletion(program: Verb): string {
  const verbs = allVerbs(program)
  const options = verbs.flatMap((verb) => verb.options.map((option) => ({ verb, option })))
  const choices = options.filter(({ option }) => option.choices.length > 0)
  const named = options.filter(({ option }) => option.names !== undefined)
  return [
    '#compdef omen',
    '(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }',
    '_omen() {',
    "  local verb='' ask='' cur=\"${words[CURRENT]}\" i",
    '  local -a known described names',
    '  for ((i = 2; i < CURRENT; i++)); do',
    '    case "$verb:${words[i]}" in',
    ...stepsOf(program).map(([step, to]) => `      '${step}') verb='${to}' ;;`),
    '      *:--) _command_names -e; return ;;',
    '    esac',
    '  done',
    '  case "$verb:${words[CURRENT-1]}" in',
    ...choices.map(
      ({ verb, option }) => `    '${verb.path}:${option.flag}') known=(${option.choices.join(' ')}) ;;`,
    ),
    ...named.map(({ verb, option }) => `    '${verb.path}:${option.flag}') ask=1 ;;`),
    '    *) case "$verb" in',
    ...verbs.map((verb) => `      '${verb.path}') ${wordsFor(verb)}${takesNames(verb) ? '; ask=1' : ''} ;;`),
    '    esac ;;',
    '  esac',
    "  (( ${#described} )) && _describe -t commands 'omen' described",
    '  (( ${#known} )) && compadd -- $known',
    '  if [[ -n $ask && $cur != -* ]]; then',
    '    names=(${(f)"$(omen completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)"})',
    '    (( ${#names} )) && compadd -- $names',
    '  fi',
    '  [[ $cur != -* && -z $ask && ${#known} -eq 0 ]] && _files',
    '}',
    'compdef _omen omen',
    '',
  ].join('\n')
}

/** Verbs with their descriptions, everything else as it is. */
function wordsFor(verb: Verb): string {
  const described = verb.children.flatMap((child) =>
    wordsOf(child).map((word) =>
      quotedWord(`${word}:${child.description.split('\n')[0]!.replaceAll(':', '\\:')}`),
    ),
  )
  const rest = fixedWords({ ...verb, children: [] })
  return `known=(${rest.join(' ')})${described.length > 0 ? `; described=(${described.join(' ')})` : ''}`
}
