import { badSyntax } from '../failure.ts'

/** Collects an option that may be given several times. */
export function collectParameter(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

/** Parameters of templates from texts such as `Name=value`. @throws CommandFailure if one has no name */
export function parametersOf(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((each) => {
      const at = each.indexOf('=')
      if (at < 1) throw badSyntax(`--parameter takes NAME=VALUE, not ${each}`)
      return [each.slice(0, at), each.slice(at + 1)]
    }),
  )
}
