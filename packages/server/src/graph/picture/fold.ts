import type { Relation, RelationVerdict } from './relation.ts'

/** A node of a folded graph: one principal, or several that are alike. */
export interface FoldedNode {
  readonly id: string
  readonly kind: string
  /** In order. */
  readonly members: readonly string[]
}

/** A relation between folded nodes, with those that it represents. */
export interface FoldedEdge {
  readonly from: FoldedNode
  readonly to: FoldedNode
  readonly verdict: RelationVerdict
  readonly ways: readonly string[]
  readonly labels: readonly string[]
  readonly pairs: readonly (readonly [string, string])[]
  /** Of each pair, where a path begins that it is part of. */
  readonly starts: readonly string[]
  /** The principals without whom none of them works. */
  readonly partners: readonly string[]
}

/** Nodes and relations, with what is alike as one. */
export interface Folded {
  readonly nodes: readonly FoldedNode[]
  readonly edges: readonly FoldedEdge[]
}

/**
 * Folds principals that are alike: of one kind, with the same relations to nodes that are alike. Nodes whose ids are in
 * `unfold` are shown one by one.
 */
export function folded(
  relations: readonly Relation[],
  kindOf: (name: string) => string,
  alone: ReadonlySet<string>,
  unfold: ReadonlySet<string>,
): Folded {
  const names = [...new Set(relations.flatMap(({ from, to }) => [from, to]))].sort()
  const classes = refined(names, relations, (name) => (alone.has(name) ? name : kindOf(name)))
  const nodes = [...Map.groupBy(names, (name) => classes.get(name)!).values()] // each name has a class
    .flatMap((members): readonly FoldedNode[] => {
      const kind = kindOf(members[0]!) // a group is not empty
      const id = idOf(members)
      if (members.length === 1 || !unfold.has(id)) return [{ id, kind, members }]
      return members.map((name) => ({ id: name, kind, members: [name] }))
    })
    .sort((one, other) => compare(one.id, other.id))
  const nodeOf = new Map(nodes.flatMap((node) => node.members.map((name) => [name, node])))
  const byEnds = Map.groupBy(relations, ({ from, to }) => `${nodeOf.get(from)?.id}\n${nodeOf.get(to)?.id}`)
  const edges = [...byEnds.values()].map((all): FoldedEdge => {
    const { from, to, verdict } = all[0]! // a group is not empty
    return {
      from: nodeOf.get(from)!, // each name has a node
      to: nodeOf.get(to)!,
      verdict,
      ways: [...new Set(all.flatMap(({ ways }) => ways))],
      labels: [...new Set(all.flatMap(({ labels }) => labels))],
      pairs: all.map((each) => [each.from, each.to]),
      starts: all.map((each) => each.start ?? each.from),
      partners: all.every(({ partners }) => partners !== undefined)
        ? [...new Set(all.flatMap(({ partners = [] }) => partners))]
        : [],
    }
  })
  return { nodes, edges }
}

/** The class of each name: those of one class have the same relations to the same classes. */
function refined(
  names: readonly string[],
  relations: readonly Relation[],
  first: (name: string) => string,
): ReadonlyMap<string, number> {
  let classes = numbered(names, first)
  const out = Map.groupBy(relations, ({ from }) => from)
  const into = Map.groupBy(relations, ({ to }) => to)
  for (;;) {
    const before = classes.count
    const { of } = classes
    const seen = (all: readonly Relation[] | undefined, end: (relation: Relation) => string): string =>
      [...new Set((all ?? []).map((each) => `${of.get(end(each))} ${each.verdict} ${each.ways.join(',')}`))]
        .sort()
        .join(';')
    classes = numbered(
      names,
      (name) =>
        `${of.get(name)}|${seen(out.get(name), ({ to }) => to)}|${seen(into.get(name), ({ from }) => from)}`,
    )
    if (classes.count === before) return classes.of
  }
}

function numbered(names: readonly string[], signature: (name: string) => string) {
  const numbers = new Map<string, number>()
  const of = new Map<string, number>()
  for (const name of names) {
    const text = signature(name)
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    of.set(name, number)
  }
  return { of, count: numbers.size }
}

/** The id of a node: the name of one principal, or a number that its members have. */
function idOf(members: readonly string[]): string {
  return members.length === 1 ? members[0]! : `fold-${hashOf(members.join('\n'))}` // one member is the first
}

/** FNV-1a, 64 bits: equal pictures have equal ids. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}

/** By code units, whatever the machine's language is. */
export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
