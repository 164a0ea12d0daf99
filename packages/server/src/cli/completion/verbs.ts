import type { Command } from 'commander'

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
  /** What its arguments may be, where that is fixed. */
  readonly argumentChoices: readonly string[]
  /** Whether its arguments are roles. */
  readonly takesRoles: boolean
}

export interface VerbOption {
  /** `--format`. */
  readonly flag: string
  readonly description: string
  readonly takesValue: boolean
  readonly choices: readonly string[]
}

/** What there is to complete, read from the commands themselves. */
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
      })),
    children: command.commands.map((child) => verbOf(child, `${path} ${child.name()}`.trim())),
    argumentChoices: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
    takesRoles: command.registeredArguments.some((argument) => argument.name().startsWith('role')),
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
