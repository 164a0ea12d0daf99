import { type Operator, operators, type Scalar, type Setting, type Value } from './document.ts'

/** A policy that an account inherits or has attached. */
export interface Source {
  readonly id: string
  readonly document: Setting
}

/** The merged content of a key. */
export interface Merged {
  readonly value: Value | undefined
  readonly children: ReadonlyMap<string, Merged>
  /** The policies whose values it contains. */
  readonly contributors: ReadonlySet<string>
}

interface Node {
  value: Value | undefined
  readonly children: Map<string, Node>
  contributors: Set<string>
  /** The last level that gave it a value. */
  touchedAt: number
  /** What policies of lower levels may still do, the strictest last. */
  limits: { readonly level: number; readonly allowed: ReadonlySet<Operator> }[]
}

const everything: ReadonlySet<Operator> = new Set(operators)

/**
 * Merges the attached policies from the organization's root down to an account, level by level. Policies of one level
 * come in the order of attachment, and the first that gives a value wins (behaviours ORG-92 to ORG-94).
 */
export function merge(levels: readonly (readonly Source[])[]): Merged {
  const root = newNode()
  for (const [level, sources] of levels.entries()) {
    for (const source of sources) apply(root, source.document, level, source.id)
  }
  return root
}

/** Returns the effective policy's document, without keys that have no value. */
export function contentOf(merged: Merged): string {
  return JSON.stringify(plain(merged) ?? {})
}

/** Returns every policy that contributes to a key. */
export function contributorsUnder(merged: Merged): readonly string[] {
  const all = new Set(merged.contributors)
  for (const child of merged.children.values()) for (const id of contributorsUnder(child)) all.add(id)
  return [...all].sort()
}

function apply(node: Node, setting: Setting, level: number, source: string): void {
  const allowed = allowedAt(node, level)
  const [assigned, removed, appended] = (['@@assign', '@@remove', '@@append'] as const).map((operator) =>
    allowed.has(operator) ? setting.values.get(operator) : undefined,
  )
  // the first attached policy of this level has decided
  if (assigned !== undefined && node.touchedAt !== level) {
    node.value = assigned
    node.contributors = new Set([source])
    node.touchedAt = level
  }
  if (isList(removed) && isList(node.value)) {
    const gone = new Set(removed)
    const left = node.value.filter((each) => !gone.has(each))
    if (left.length < node.value.length) {
      node.value = left.length === 0 ? undefined : left
      touch(node, level, source)
    }
  }
  if (isList(appended) && (node.value === undefined || isList(node.value))) {
    node.value = [...new Set([...(node.value ?? []), ...appended])]
    touch(node, level, source)
  }
  for (const [key, child] of setting.children) {
    const known = node.children.get(key)
    // a container that is closed for lower levels accepts no new keys from them
    if (known === undefined && !allowed.has('@@assign') && !allowed.has('@@append')) continue
    const next = known ?? newNode()
    if (known === undefined) node.children.set(key, next)
    apply(next, child, level, source)
  }
  if (setting.allowed !== undefined) limit(node, setting.allowed, level)
}

function touch(node: Node, level: number, source: string): void {
  node.contributors.add(source)
  node.touchedAt = level
}

/** What the levels above permit to this one: never more than any of them permits. */
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
  return { value: undefined, children: new Map(), contributors: new Set(), touchedAt: -1, limits: [] }
}

function plain(merged: Merged): unknown {
  if (merged.value !== undefined) return merged.value
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
