/** The requirement for a member of a JSON object: a value that passes a test, or an object with members of its own. */
export interface Member {
  readonly required?: boolean
  readonly wants?: string
  readonly test?: (value: unknown) => boolean
  readonly members?: Shape
}

export type Shape = Readonly<Record<string, Member>>

/** Returns the first error of a value as a sentence, or undefined. */
export function problemsOf(value: unknown, shape: Shape, path: string): string | undefined {
  if (!isObject(value)) return `${path || 'a case'} is not an object`
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(shape, name)) return `unknown member ${join(path, name)}`
  }
  for (const [name, member] of Object.entries(shape)) {
    const item = Object.hasOwn(value, name) ? value[name] : undefined
    const at = join(path, name)
    if (item === undefined) {
      if (member.required === true) return `${at} is missing`
      continue
    }
    if (member.test !== undefined && !member.test(item)) return `${at} is not ${member.wants}`
    const problem = member.members && problemsOf(item, member.members, at)
    if (problem !== undefined) return problem
  }
  return undefined
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

export function isContextValue(value: unknown): boolean {
  return isList(value) ? value.every(isScalar) : isScalar(value)
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
