import type { Command } from 'commander'

/** Names that are known only on request: the server's, and those of AWS's reference. */
export type NameKind =
  | 'roles'
  | 'users'
  | 'principals'
  | 'actions'
  | 'services'
  /** The goals that can be reached: principals, and an administrator. */
  | 'goals'
  /** A principal behind `=`. */
  | 'equals'
  /** An action, or the word become. */
  | 'calls'

/** A command as a shell completes it. */
export interface Verb {
  /** `oidc token`; empty for `omen` itself. */
  readonly path: string
  readonly description: string
  /** Other names of its own last word. */
  readonly aliases: readonly string[]
  readonly options: readonly VerbOption[]
  /** The verbs beneath it, by their last word. */
  readonly children: readonly Verb[]
  readonly arguments: readonly VerbArgument[]
}

export interface VerbArgument {
  /** Its possible values, if they are fixed. */
  readonly choices: readonly string[]
  readonly names: NameKind | undefined
  /** Whether it takes all words that are left. */
  readonly variadic: boolean
}

export interface VerbOption {
  /** `--format`. */
  readonly flag: string
  readonly description: string
  readonly takesValue: boolean
  readonly choices: readonly string[]
  readonly names: NameKind | undefined
}

/** Arguments and options by their names: `<role...>`, `--as <who>`. */
const kinds: Readonly<Record<string, NameKind>> = {
  role: 'roles',
  roles: 'roles',
  'role-or-command': 'roles',
  '--role': 'roles',
  '--chain': 'roles',
  who: 'principals',
  '--who': 'principals',
  '--as': 'principals',
  '--principal': 'principals',
  action: 'actions',
  actions: 'actions',
  '--action': 'actions',
  to: 'goals',
  '--goal': 'goals',
  '--start': 'principals',
  '--around': 'principals',
  '=role': 'equals',
}

/** Arguments of which the command decides the kind. */
const ofVerb: Readonly<Record<string, NameKind>> = {
  'actions service': 'services',
  'who-can action': 'calls',
  'who-can resource': 'goals',
  'why id': 'principals',
}

/** Everything that can be completed, read from the commands themselves. */
export function verbOf(command: Command, path = ''): Verb {
  return {
    path,
    description: command.description(),
    aliases: command.aliases(),
    options: command.options
      .filter((option) => option.long && !option.hidden)
      .map((option) => ({
        flag: option.long ?? '',
        description: option.description,
        takesValue: option.required || option.optional,
        choices: option.argChoices ?? [],
        names: option.argChoices === undefined ? kinds[option.long ?? ''] : undefined,
      })),
    children: command.commands.map((child) => verbOf(child, `${path} ${child.name()}`.trim())),
    arguments: command.registeredArguments.map((argument) => ({
      choices: argument.argChoices ?? [],
      names: ofVerb[`${path} ${argument.name()}`] ?? kinds[argument.name()],
      variadic: argument.variadic,
    })),
  }
}

/** The verb and all beneath it. */
export function allVerbs(verb: Verb): readonly Verb[] {
  return [verb, ...verb.children.flatMap(allVerbs)]
}

/** The verb's last words: its name, and its aliases. */
export function wordsOf(verb: Verb): readonly string[] {
  return [verb.path.slice(verb.path.lastIndexOf(' ') + 1), ...verb.aliases]
}

/** Returns whether some argument of the verb is completed by asking for names. */
export function takesNames(verb: Verb): boolean {
  return verb.arguments.some(({ names }) => names !== undefined)
}

/** The fixed completions after a verb: its subcommands, choices, options. */
export function fixedWords(verb: Verb): readonly string[] {
  return [
    ...verb.children.flatMap(wordsOf),
    ...verb.arguments.flatMap(({ choices }) => choices),
    ...verb.options.map(({ flag }) => flag),
  ]
}

/** `oidc:token` and the verb that it leads to, for every verb. */
export function stepsOf(verb: Verb): readonly (readonly [step: string, to: string])[] {
  return allVerbs(verb).flatMap((each) =>
    each.children.flatMap((child) =>
      wordsOf(child).map((word) => [`${each.path}:${word}`, child.path] as const),
    ),
  )
}
