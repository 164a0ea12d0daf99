import { type Command, Option } from 'commander'

/** Languages of what the commands say. Names, actions and AWS's own messages are translated into no language. */
export const languages = ['en', 'ja'] as const
export type Language = (typeof languages)[number]

/** The language of an option, or of the environment: Japanese if it is set to Japanese (behaviour SHL-51). */
export function languageOf(
  given: Language | undefined,
  { LC_ALL, LC_MESSAGES, LANG }: Readonly<Record<string, string | undefined>>,
): Language {
  return given ?? (/^ja(?:[_.-]|$)/.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'ja' : 'en')
}

/** Adds `--lang` to a command. */
export function addLanguageOption(command: Command): Command {
  return command.addOption(
    new Option('--lang <language>', 'the language of the words (default: of LANG)').choices(languages),
  )
}

/** The same names with words of another language; functions take the same values. */
export type Same<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer V) => infer R
      ? (...values: V) => R extends string ? string : readonly string[]
      : Same<T[K]>
}
