import type { Failure } from './check.ts'

/** `2 validation errors detected: …; …`. */
export function detected(texts: readonly string[]): string {
  const count = texts.length === 1 ? '1 validation error' : `${texts.length} validation errors`
  return `${count} detected: ${texts.join('; ')}`
}

/** `Value 'x' at 'roleName' failed to satisfy constraint: Member must …`. */
export function failed({ path }: Failure, value: string, constraint: string): string {
  return `Value ${value}at '${path}' failed to satisfy constraint: ${constraint}`
}
