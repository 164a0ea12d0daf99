import { allVerbs, type Verb, wordsOf } from './verbs.ts'

/** A script for bash; zsh takes the same through its own bashcompinit. */
export function bashCompletion(program: Verb, shell: 'bash' | 'zsh'): string {
  const verbs = allVerbs(program)
  const steps = verbs.flatMap((verb) =>
    verb.children.flatMap((child) =>
      wordsOf(child).map((word) => `    '${verb.path}:${word}') path='${child.path}' ;;`),
    ),
  )
  const values = verbs.flatMap((verb) =>
    verb.options
      .filter((option) => option.choices.length > 0)
      .map((option) => `    '${verb.path}:${option.flag}') words='${option.choices.join(' ')}' ;;`),
  )
  const words = verbs.map((verb) => {
    const known = [
      ...verb.children.flatMap(wordsOf),
      ...verb.argumentChoices,
      ...verb.options.map((option) => option.flag),
    ].join(' ')
    return `    '${verb.path}') words='${known}'${verb.takesRoles ? '; roles=1' : ''} ;;`
  })
  return [
    ...(shell === 'zsh' ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_omen() {',
    '  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" path="" words="" roles="" i',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    case "$path:${COMP_WORDS[i]}" in',
    ...steps.map((line) => `  ${line}`),
    '      *:--) COMPREPLY=(); return ;;',
    '    esac',
    '  done',
    '  case "$path:$prev" in',
    ...values,
    '  esac',
    '  if [[ -z $words ]]; then case "$path" in',
    ...words,
    '  esac; fi',
    '  [[ -n $roles && $cur != -* ]] && words="$(omen completion roles 2>/dev/null)"',
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '}',
    'complete -o default -F _omen omen',
    '',
  ].join('\n')
}
