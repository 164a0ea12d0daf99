import { splitFields } from '../match/resource.ts'

/** What stands for a wildcard or a variable. */
export const FILL = 'example'

/** An action that a pattern matches. */
export function filledAction(pattern: string): string {
  return (pattern === '*' ? `${FILL}:*` : pattern).replaceAll('?', 'x').replaceAll('*', 'Anything')
}

/** A text that a pattern matches, with something for its wildcards, and with nothing. */
export function filledTexts(pattern: string): readonly string[] {
  const text = withVariables(pattern).replaceAll('?', 'x')
  return [text.replaceAll('*', FILL), text.replaceAll('*', '')]
}

/** ARNs that a pattern may match: each field is filled with what such a field holds. */
export function filledArns(pattern: string, service: string): readonly string[] {
  const fields = splitFields(pattern)
  const missing = new Array<string>(Math.max(0, 6 - fields.length)).fill('*')
  const [, partition = '', vendor = '', region = '', account = '', ...resource] = [...fields, ...missing]
  const name = withVariables(resource.join(':')).replaceAll('?', 'x')
  const head = ['arn', filled(partition, 'aws'), filled(vendor, service)].join(':')
  const place = (where: string, whose: string) => `${filled(region, where)}:${filled(account, whose)}`
  return [FILL, ''].flatMap((fill) =>
    [place('us-east-1', '123456789012'), place('', '')].map(
      (at) => `${head}:${at}:${name.replaceAll('*', fill)}`,
    ),
  )
}

/** A field that is nothing but a wildcard holds what is usual; what is wild within is left out. */
function filled(field: string, usual: string): string {
  const text = withVariables(field)
  return /^\*+$/.test(text) ? usual : text.replaceAll('*', '').replaceAll('?', '1')
}

/** Variables are what the contexts say. */
export function withVariables(text: string): string {
  return text.replaceAll(/\$\{([*?$])\}|\$\{[^}]*\}/g, (_all, escaped?: string) => escaped ?? FILL)
}
