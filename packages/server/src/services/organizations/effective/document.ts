/** The value of a setting in a management policy: usually texts, or lists of them. */
export type Scalar = string | number | boolean
export type Value = Scalar | readonly Scalar[]

/** What a policy does with the value that it inherits. */
export type Operator = '@@assign' | '@@append' | '@@remove'

export const operators: readonly Operator[] = ['@@assign', '@@append', '@@remove']

/** A key of a management policy: a setting with its operators, or a container of further keys. */
export interface Setting {
  readonly values: ReadonlyMap<Operator, Value>
  /** What policies of lower levels may do here; undefined if this policy does not limit it. */
  readonly allowed: ReadonlySet<Operator> | undefined
  /** By key, in lower case: policy keys differ whatever their case (behaviour ORG-91). */
  readonly children: ReadonlyMap<string, Setting>
}

const childControl = '@@operators_allowed_for_child_policies'

/** A management policy has some ten levels of nesting; a much deeper text is an attack on the stack. */
const maxDepth = 32

/** Reads a policy's text; undefined if it is not written in the language of management policies. */
export function readDocument(content: string): Setting | undefined {
  let document: unknown
  try {
    document = JSON.parse(content)
  } catch {
    return undefined
  }
  return readSetting(document, 0)
}

function readSetting(given: unknown, depth: number): Setting | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || depth > maxDepth)
    return undefined
  const values = new Map<Operator, Value>()
  const children = new Map<string, Setting>()
  let allowed: ReadonlySet<Operator> | undefined
  for (const [key, value] of Object.entries(given)) {
    if (key === childControl) {
      allowed = readAllowed(value)
      if (allowed === undefined) return undefined
    } else if (isOperator(key)) {
      if (!isValue(value) || (key !== '@@assign' && !Array.isArray(value))) return undefined
      values.set(key, value)
    } else {
      const child = readSetting(value, depth + 1)
      const name = key.toLowerCase()
      if (key.startsWith('@@') || child === undefined || children.has(name)) return undefined
      children.set(name, child)
    }
  }
  // a key has either a value or keys
  return values.size > 0 && children.size > 0 ? undefined : { values, allowed, children }
}

function readAllowed(given: unknown): ReadonlySet<Operator> | undefined {
  if (!Array.isArray(given) || given.length === 0) return undefined
  const names: readonly unknown[] = given
  if (names.length === 1 && names[0] === '@@all') return new Set(operators)
  if (names.length === 1 && names[0] === '@@none') return new Set()
  const allowed = new Set<Operator>()
  for (const name of names) {
    if (typeof name !== 'string' || !isOperator(name)) return undefined
    allowed.add(name)
  }
  return allowed
}

function isOperator(key: string): key is Operator {
  return (operators as readonly string[]).includes(key) // the list's own type would take nothing but operators
}

function isValue(given: unknown): given is Value {
  return isScalar(given) || (Array.isArray(given) && given.every(isScalar))
}

function isScalar(given: unknown): given is Scalar {
  return typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean'
}
