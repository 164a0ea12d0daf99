import { splitFields } from '../match/resource.ts'

/** The text in place of a wildcard or a variable. */
export const filling = 'example'

/** The account of invented ARNs. */
export const usualAccount = '123456789012'

/** An action that a pattern matches. */
export function filledAction(pattern: string): string {
  return (pattern === '*' ? `${filling}:*` : pattern).replaceAll('?', 'x').replaceAll('*', 'Anything')
}

/** Texts that a pattern matches: one with a text for each wildcard, and one without. */
export function filledTexts(pattern: string): readonly string[] {
  const text = withVariables(pattern).replaceAll('?', 'x')
  return [text.replaceAll('*', filling), text.replaceAll('*', '')]
}

/** ARNs that a pattern may match. Each field gets a typical value. */
export function filledArns(pattern: string, service: string): readonly string[] {
  const [, partition = '*', vendor = '*', region = '*', account = '*', ...resource] = splitFields(pattern)
  const name = withVariables(resource.length === 0 ? '*' : resource.join(':')).replaceAll('?', 'x')
  const head = ['arn', filled(partition, 'aws'), filled(vendor, service)].join(':')
  const place = (where: string, whose: string) => `${filled(region, where)}:${filled(account, whose)}`
  return [filling, ''].flatMap((fill) =>
    [place('us-east-1', usualAccount), place('', '')].map(
      (at) => `${head}:${at}:${name.replaceAll('*', fill)}`,
    ),
  )
}

/** Returns the typical value for a field of only wildcards, and otherwise the field without its wildcards. */
function filled(field: string, usual: string): string {
  const text = withVariables(field)
  return /^\*+$/.test(text) ? usual : text.replaceAll('*', '').replaceAll('?', '1')
}

/** Replaces each variable by the value that the contexts have. */
export function withVariables(text: string): string {
  return text.replaceAll(/\$\{([*?$])\}|\$\{[^}]*\}/g, (_all, escaped?: string) => escaped ?? filling)
}
