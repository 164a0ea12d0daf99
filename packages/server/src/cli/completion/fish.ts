import { allVerbs, takesNames, type Verb, wordsOf } from './verbs.ts'

/** A script for fish. */
export function fishCompletion(program: Verb): string {
  return `${allVerbs(program).flatMap(linesOf).join('\n')}\n`
}

/** Requests the names that match what has been typed. */
const asked = "'(omen completion words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'"

function linesOf(verb: Verb): readonly string[] {
  const here = `complete -c omen -n '${conditionOf(verb)}'`
  const choices = verb.arguments.flatMap((argument) => argument.choices)
  return [
    ...verb.children.flatMap((child) =>
      wordsOf(child).map((word) => `${here} -f -a ${word} -d ${quoted(child.description)}`),
    ),
    ...(choices.length > 0 ? [`${here} -f -a '${choices.join(' ')}'`] : []),
    ...(takesNames(verb) ? [`${here} -f -a ${asked}`] : []),
    ...verb.options.map(({ flag, description, takesValue, choices, names }) => {
      const value =
        choices.length > 0
          ? ` -x -a '${choices.join(' ')}'`
          : names === undefined
            ? takesValue
              ? ' -r -F'
              : ' -f'
            : ` -x -a ${asked}`
      return `${here} -l ${flag.slice(2)}${value} -d ${quoted(description)}`
    }),
  ]
}

/** Returns whether a verb is what has been typed so far: all its words are present, and none of its children's. */
function conditionOf(verb: Verb): string {
  if (verb.path === '') return '__fish_use_subcommand'
  const children = verb.children.flatMap(wordsOf)
  const path = verb.path.split(' ')
  const conditions = path.map(
    (word, i) =>
      `__fish_seen_subcommand_from ${[word, ...(i === path.length - 1 ? verb.aliases : [])].join(' ')}`,
  )
  const none = children.length === 0 ? [] : [`not __fish_seen_subcommand_from ${children.join(' ')}`]
  return [...conditions, ...none].join('; and ')
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
