import { type Operator, operators, type Scalar, type Setting, type Value } from './document.ts'

/** A policy that an account inherits or has attached. */
export interface Source {
  readonly id: string
  readonly document: Setting
}

/** The merged content of a key. */
export interface Merged {
  readonly value: Value | undefined
  /** Whether policies removed all that a list had. */
  readonly isEmptied: boolean
  readonly children: ReadonlyMap<string, Merged>
  /** The policies that have the key. */
  readonly contributors: ReadonlySet<string>
}

interface Node {
  value: Value | undefined
  isEmptied: boolean
  readonly children: Map<string, Node>
  readonly contributors: Set<string>
  /** The operators that policies of lower levels may still use, the strictest last. */
  limits: { readonly level: number; readonly allowed: ReadonlySet<Operator> }[]
}

/** A policy's part that is about one key. */
interface Part {
  readonly id: string
  readonly setting: Setting
}

const everything: ReadonlySet<Operator> = new Set(operators)

/**
 * Merges the attached policies from the organization's root down to an account, level by level. Of one level, the first
 * attached policy that assigns a value decides; then all add to it, and last all take away (behaviours ORG-92 to ORG-94).
 */
export function merge(levels: readonly (readonly Source[])[]): Merged {
  const root = newNode()
  for (const [level, sources] of levels.entries()) {
    const parts = sources.map(({ id, document }) => ({ id, setting: document }))
    apply(root, parts, level)
  }
  return root
}

/** Returns the effective policy's document, without keys that have no value. */
export function contentOf(merged: Merged): string {
  return JSON.stringify(plain(merged) ?? {})
}

/** Returns every policy that has a key. */
export function contributorsOf({ contributors }: Merged): readonly string[] {
  return [...contributors].sort()
}

function apply(node: Node, parts: readonly Part[], level: number): void {
  const allowed = allowedAt(node, level)
  const valuesOf = (operator: Operator) =>
    allowed.has(operator) ? parts.flatMap(({ setting }) => setting.values.get(operator) ?? []) : []
  for (const { id } of parts) node.contributors.add(id)
  const first = parts.find(({ setting }) => setting.values.has('@@assign'))?.setting.values.get('@@assign')
  if (first !== undefined && allowed.has('@@assign')) set(node, first)
  append(node, valuesOf('@@append'))
  remove(node, valuesOf('@@remove'))
  applyToChildren(node, parts, allowed, level)
  for (const { setting } of parts) if (setting.allowed !== undefined) limit(node, setting.allowed, level)
}

function applyToChildren(
  node: Node,
  parts: readonly Part[],
  allowed: ReadonlySet<Operator>,
  level: number,
): void {
  // a container that is closed for lower levels accepts no new keys from them
  const isOpen = allowed.has('@@assign') || allowed.has('@@append')
  const byKey = new Map<string, Part[]>()
  for (const { id, setting } of parts) {
    for (const [key, child] of setting.children) {
      if (!isOpen && !node.children.has(key)) continue
      const existing = byKey.get(key)
      if (existing === undefined) byKey.set(key, [{ id, setting: child }])
      else existing.push({ id, setting: child })
    }
  }
  for (const [key, about] of byKey) {
    let child = node.children.get(key)
    if (child === undefined) {
      child = newNode()
      node.children.set(key, child)
    }
    apply(child, about, level)
  }
}

function append(node: Node, added: readonly Scalar[]): void {
  if (added.length === 0 || (node.value !== undefined && !isList(node.value))) return
  set(node, [...new Set([...(node.value ?? []), ...added])])
}

function remove(node: Node, removed: readonly Scalar[]): void {
  if (removed.length === 0 || !isList(node.value) || node.value.length === 0) return
  const gone = new Set(removed)
  set(
    node,
    node.value.filter((each) => !gone.has(each)),
  )
  node.isEmptied = node.value.length === 0
}

function set(node: Node, value: Value): void {
  node.value = value
  node.isEmptied = false
}

/** The operators that the levels above permit to this one: never more than any of them permits. */
function allowedAt({ limits }: Node, level: number): ReadonlySet<Operator> {
  return limits.findLast((each) => each.level < level)?.allowed ?? everything
}

function limit(node: Node, given: ReadonlySet<Operator>, level: number): void {
  const before = node.limits.at(-1)
  const allowed =
    before === undefined ? given : new Set([...before.allowed].filter((each) => given.has(each)))
  if (before?.level === level) node.limits.pop()
  node.limits.push({ level, allowed })
}

function newNode(): Node {
  return { value: undefined, isEmptied: false, children: new Map(), contributors: new Set(), limits: [] }
}

function plain(merged: Merged): unknown {
  if (merged.value !== undefined) return merged.isEmptied ? undefined : merged.value
  const members: [string, unknown][] = []
  for (const [key, child] of merged.children) {
    const value = plain(child)
    if (value !== undefined) members.push([key, value])
  }
  return members.length === 0 ? undefined : Object.fromEntries(members)
}

function isList(value: Value | undefined): value is readonly Scalar[] {
  return Array.isArray(value)
}
