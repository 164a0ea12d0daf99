import { type JsonMember, type JsonNode, parseJson } from '@omen-iam/policy'

/** The value of a setting in a management policy: usually texts, or lists of them. */
export type Scalar = string | number | boolean | null
export type Value = Scalar | readonly Scalar[]

/** The operation of a policy on the value that it inherits. */
export type Operator = '@@assign' | '@@append' | '@@remove'

export const operators: readonly Operator[] = ['@@assign', '@@append', '@@remove']

/** A key of a management policy: a setting with its operators, or a container of further keys. */
export interface Setting {
  /** The key as written. */
  readonly name: string
  readonly values: ReadonlyMap<Operator, Value>
  /** The operators that policies of lower levels may use here; undefined if this policy does not limit them. */
  readonly allowed: ReadonlySet<Operator> | undefined
  /** By key, in lower case: policy keys differ whatever their case (behaviour ORG-91). */
  readonly children: ReadonlyMap<string, Setting>
}

const childControl = '@@operators_allowed_for_child_policies'

/**
 * Reads a policy's text; undefined if it is not written in the language of management policies. Keys, operators and
 * controls ignore case, and no key may be there twice (behaviours ORG-119 and ORG-120).
 */
export function readDocument(content: string): Setting | undefined {
  const document = parseJson(content)
  return document.type === 'problem' ? undefined : readSetting('', document, isIdle)
}

/** Returns whether an operator's value is well-formed. */
type Fits = (operator: Operator, node: JsonNode) => boolean

function readSetting(name: string, node: JsonNode, fits: Fits): Setting | undefined {
  if (node.type !== 'object') return undefined
  const members = membersOf(node.members)
  if (members === undefined) return undefined
  const values = new Map<Operator, Value>()
  const children = new Map<string, Setting>()
  let allowed: ReadonlySet<Operator> | undefined
  for (const [key, { key: written, value }] of members) {
    if (key === childControl) {
      allowed = readAllowed(value)
      if (allowed === undefined) return undefined
    } else if (isOperator(key)) {
      if (!fits(key, value)) return undefined
      // beside a document's own key an operator does nothing
      if (fits !== isIdle) values.set(key, valueIn(value))
    } else {
      const child = key.startsWith('@@') ? undefined : readSetting(written.value, value, isEffective)
      if (child === undefined) return undefined
      children.set(key, child)
    }
  }
  // a key has either a value or keys
  return values.size > 0 && children.size > 0 ? undefined : { name, values, allowed, children }
}

/** Returns an object's members by their keys in lower case; undefined if two keys do not differ otherwise. */
function membersOf(members: readonly JsonMember[]): ReadonlyMap<string, JsonMember> | undefined {
  const byKey = new Map(members.map((member) => [member.key.value.toLowerCase(), member]))
  return byKey.size < members.length ? undefined : byKey
}

/** At the root of a document: a value, or a flat list of them (behaviour ORG-121). */
function isIdle(_operator: Operator, node: JsonNode): boolean {
  return isScalar(node) || isList(node)
}

/** At a setting: a list to append or remove, and nothing empty to append (behaviour ORG-122). */
function isEffective(operator: Operator, node: JsonNode): boolean {
  if (operator === '@@assign') return isScalar(node) || isList(node)
  return isList(node) && (operator === '@@remove' || node.items.length > 0)
}

/**
 * Each control once, as it is written; `@@none` alone. `@@all` is every operator, also beside others (behaviour
 * ORG-120).
 */
function readAllowed(node: JsonNode): ReadonlySet<Operator> | undefined {
  if (!isList(node) || node.items.length === 0) return undefined
  const names = node.items.flatMap((item) => (item.type === 'string' ? [item.value] : []))
  if (names.length < node.items.length || new Set(names).size < names.length) return undefined
  const controls = names.map((name) => name.toLowerCase())
  if (controls.includes('@@none')) return controls.length === 1 ? new Set() : undefined
  const operatorKeys = controls.filter(isOperator)
  const isAll = controls.includes('@@all')
  if (controls.some((control) => control !== '@@all' && !isOperator(control))) return undefined
  return new Set(isAll ? operators : operatorKeys)
}

function isOperator(key: string): key is Operator {
  return (operators as readonly string[]).includes(key) // the list's own type would take nothing but operators
}

function isScalar(node: JsonNode): node is JsonNode & { readonly type: 'string' | 'scalar' } {
  return node.type === 'string' || node.type === 'scalar'
}

function isList(node: JsonNode): node is JsonNode & { readonly type: 'list' } {
  return node.type === 'list' && node.items.every(isScalar)
}

function valueIn(node: JsonNode): Value {
  if (isScalar(node)) return node.value
  return isList(node) ? node.items.flatMap((item) => (isScalar(item) ? [item.value] : [])) : []
}
