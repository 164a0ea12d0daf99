import { shortArn } from '../label.ts'
import type { Incomplete } from '../proof/budget.ts'
import { principalOf, type World } from '../world/world.ts'
import { clipped } from './clip.ts'
import { compare, type Folded, type FoldedEdge, type FoldedNode, folded } from './fold.ts'
import { type Box, layoutOf, type Point } from './layout.ts'
import { goal, kindOfArn, type RelationVerdict } from './relation.ts'
import { distances, type View, type ViewQuestion } from './view.ts'
import { type PictureLanguage, type PictureWords, pictureWords, wayInWords, widthOf } from './words.ts'

/** A node of a picture: one principal, or several that are alike. */
export interface PictureNode {
  readonly id: string
  /** `user`, `role`, `federated`, `service`, `account` or `administrator`. */
  readonly kind: string
  readonly label: string
  /** Of a single principal. */
  readonly arn?: string
  /** Of a folded node: the ARNs of the principals. */
  readonly members?: readonly string[]
  readonly count: number
  readonly layer: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly isAdministrator: boolean
  /** The unique id of a single role, which its mask is drawn from. */
  readonly mask?: string
}

/** An arrow of a picture. */
export interface PictureEdge {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly verdict: RelationVerdict
  /** Each way to take it: techniques joined by ` + `. */
  readonly techniques: readonly string[]
  readonly label: string
  /** Relations between principals that it represents. */
  readonly count: number
  /** The first of them, at most 50. */
  readonly pairs: readonly (readonly [string, string])[]
  /** Of each of these, where a path begins that it is part of. */
  readonly starts: readonly string[]
  readonly points: readonly Point[]
  readonly labelAt: Point
}

/** The graph of who can become whom, as a drawing: positions and sizes in pixels, from the upper left corner. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly nodes: readonly PictureNode[]
  readonly edges: readonly PictureEdge[]
  /** Principals that have no room. */
  readonly hidden: number
  /** Principals that are not shown by themselves because others are like them. */
  readonly foldedAway: number
  /** If searches ended early: there may be more relations. */
  readonly incomplete?: Incomplete
}

/** A picture with all ways of each arrow in AWS's words, which the SVG says and the JSON does not. */
export interface Drawing extends Picture {
  readonly edges: readonly (PictureEdge & { readonly labels: readonly string[] })[]
}

/** The subject of a picture. */
export interface PictureQuestion extends ViewQuestion {
  /** The most nodes. 40 if absent. */
  readonly maxNodes?: number
  /** Ids of folded nodes whose members are shown one by one. */
  readonly unfold?: readonly string[]
  /** The language of its words. English if absent. */
  readonly language?: PictureLanguage
}

const mostPairs = 50
const nodeHeight = 34
/** The width of a character of a label, and the most characters. */
const character = { width: 7.3, most: 32 } as const
const mostLabel = 40

/** Draws relations. */
export function pictureOfView(world: World, view: View, question: PictureQuestion): Drawing {
  const { maxNodes = 40, unfold = [], language = 'en' } = question
  const words = pictureWords[language]
  const alone = new Set([view.centre, goal, ...(question.from === undefined ? [] : [question.from.arn])])
  const kindOf = (name: string): string =>
    name === goal ? goal : (principalOf(world, name)?.type ?? kindOfArn(name) ?? 'role')
  const administrators = new Set(
    view.relations.filter(({ to, ways }) => to === goal && ways.includes(goal)).map(({ from }) => from),
  )
  const whole = folded(
    view.relations,
    (name) => `${kindOf(name)}${administrators.has(name) ? ' administrator' : ''}`,
    alone,
    new Set(unfold),
  )
  const distance = distancesOf(whole, view)
  const kept = nearest(whole, distance, maxNodes)
  const drawn = whole.edges.filter(({ from, to }) => from !== to && kept.has(from) && kept.has(to))
  const layers = layersOf(kept, drawn, distance, view)
  const layerOf = ({ id }: FoldedNode): number => layers.get(id) ?? 0
  // where paths begin comes first
  const edges = drawn.toSorted((one, other) => layerOf(one.from) - layerOf(other.from))
  const named = edges.map((edge) => ({
    ...edge,
    id: `${edge.from.id} → ${edge.to.id}`,
    label: labelOfEdge(edge, world, words),
  }))
  const labels = labelsOf([...kept], world, words)
  const boxes = [...kept].map((node): Box => {
    const label = labels.get(node) ?? ''
    return {
      id: node.id,
      layer: layerOf(node),
      width: Math.round(widthOf(label) * character.width + 24 + (hasGlyph(node.kind) ? glyphWidth : 0)),
      height: nodeHeight,
    }
  })
  const layout = layoutOf(
    boxes,
    named.map(({ id, from, to, label }) => ({
      id,
      from: from.id,
      to: to.id,
      labelWidth: Math.round(widthOf(label) * character.width * 0.85 + 6),
    })),
  )
  const shown = [...kept].reduce((total, { members }) => total + members.length, 0)
  const all = whole.nodes.reduce((total, { members }) => total + members.length, 0)
  return {
    width: layout.width,
    height: layout.height,
    nodes: [...kept]
      .toSorted((one, other) => layerOf(one) - layerOf(other))
      .map((node) =>
        nodeView(world, node, layout.boxes.get(node.id)!, administrators, labels.get(node) ?? ''),
      ), // each has a box
    edges: named.map(({ id, from, to, verdict, ways, labels: waysInWords, label, pairs, starts }) => {
      const { points, label: labelAt } = layout.arrows.get(id)! // each has a way
      return {
        id,
        from: from.id,
        to: to.id,
        verdict,
        techniques: ways,
        labels: waysInWords,
        label,
        count: pairs.length,
        pairs: pairs.slice(0, mostPairs),
        starts: starts.slice(0, mostPairs),
        points,
        labelAt,
      }
    }),
    hidden: all - shown,
    foldedAway: shown - kept.size,
    ...(view.incomplete === undefined ? {} : { incomplete: view.incomplete }),
  }
}

function nodeView(
  world: World,
  node: FoldedNode,
  { layer, x, y, width, height }: Box & { readonly x: number; readonly y: number },
  administrators: ReadonlySet<string>,
  label: string,
): PictureNode {
  const [first = ''] = node.members
  const one = node.members.length === 1 && first !== goal
  const principal = one ? principalOf(world, first) : undefined
  const mask = principal?.type === 'role' ? principal.id : undefined
  return {
    id: node.id,
    kind: plainKind(node.kind),
    label,
    ...(one ? { arn: first } : {}),
    ...(node.members.length > 1 ? { members: node.members } : {}),
    count: node.members.length,
    ...{ layer, x, y, width, height },
    isAdministrator: first === goal || node.members.every((name) => administrators.has(name)),
    ...(mask === undefined ? {} : { mask }),
  }
}

function plainKind(kind: string): string {
  return kind.split(' ')[0] ?? kind
}

/** How far each node is from the middle: below zero where it leads there, above zero where it is reached from there. */
function distancesOf({ nodes, edges }: Folded, { centre, isAround }: View): ReadonlyMap<string, number> {
  const ends = edges.map(({ from, to }) => ({ from: from.id, to: to.id }))
  const into = distances(ends, centre, 'to', 'from')
  const out = isAround ? distances(ends, centre, 'from', 'to') : new Map<string, number>()
  return new Map(
    nodes.map(({ id }) => {
      const before = into.get(id)
      const after = out.get(id)
      if (before !== undefined && (after === undefined || before <= after)) return [id, -before]
      return [id, after ?? -1]
    }),
  )
}

/**
 * The layer of each node, from the left. The goal is the last one, and every relation leads to the right as far as there
 * is not a circle; around a principal the layers are the distances from it.
 */
function layersOf(
  nodes: ReadonlySet<FoldedNode>,
  edges: readonly FoldedEdge[],
  distance: ReadonlyMap<string, number>,
  { isAround }: View,
): ReadonlyMap<string, number> {
  const depth = isAround ? new Map<string, number>() : longestWays(nodes, edges, distance)
  const all = [...nodes].map(({ id }): [string, number] => [id, -(depth.get(id) ?? -(distance.get(id) ?? 0))])
  const least = Math.min(0, ...all.map(([, layer]) => layer))
  return new Map(all.map(([id, layer]) => [id, layer - least]))
}

/** The most relations from each node to the end, those that close a circle left out. */
function longestWays(
  nodes: ReadonlySet<FoldedNode>,
  edges: readonly FoldedEdge[],
  distance: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const next = Map.groupBy(edges, ({ from }) => from.id)
  const found = new Map<string, number>()
  const open = new Set<string>()
  const visit = (id: string): number => {
    const known = found.get(id)
    if (known !== undefined) return known
    open.add(id)
    const least = -(distance.get(id) ?? 0)
    let most = 0
    for (const { to } of next.get(id) ?? []) if (!open.has(to.id)) most = Math.max(most, visit(to.id) + 1)
    open.delete(id)
    const depth = most === 0 ? least : most
    found.set(id, depth)
    return depth
  }
  const far = [...nodes].sort(
    (one, other) => (distance.get(one.id) ?? 0) - (distance.get(other.id) ?? 0) || compare(one.id, other.id),
  )
  for (const { id } of far) visit(id)
  return found
}

/** The nodes that have room: those next to the middle, and of these the ones with the most members. */
function nearest(
  { nodes }: Folded,
  layers: ReadonlyMap<string, number>,
  most: number,
): ReadonlySet<FoldedNode> {
  return new Set(
    [...nodes]
      .sort(
        (one, other) =>
          Math.abs(layers.get(one.id) ?? 0) - Math.abs(layers.get(other.id) ?? 0) ||
          other.members.length - one.members.length ||
          compare(one.id, other.id),
      )
      .slice(0, most),
  )
}

/** Room for the sign of a kind, at the left of the label. */
export const glyphWidth = 20

function hasGlyph(kind: string): boolean {
  return plainKind(kind) !== goal
}

/** The name of a principal; with its account if several are in view. */
function nameIn(world: World, arn: string): string {
  const short = shortArn(arn)
  return world.others === undefined || short === arn ? short : `${arn.split(':')[4]}/${short}`
}

/** The name of what is in no account in view; undefined for a user or a role. */
function outsideName(arn: string, words: PictureWords): string | undefined {
  if (arn === goal) return words.administrator
  if (arn === '*') return words.anyone
  const [, account] = /^arn:[^:]*:iam::(\d{12}):root$/.exec(arn) ?? []
  if (account !== undefined) return words.account(account)
  return /:(?:oidc|saml)-provider\/(.+)$/.exec(arn)?.[1]
}

/** The labels of nodes. */
function labelsOf(
  nodes: readonly FoldedNode[],
  world: World,
  words: PictureWords,
): ReadonlyMap<FoldedNode, string> {
  const names = new Map(
    nodes.map((node) => {
      const [first = ''] = node.members
      const name = outsideName(first, words) ?? nameIn(world, first)
      return [node, node.members.length === 1 ? name : words.many(plainKind(node.kind), node.members.length)]
    }),
  )
  const short = (name: string): string => clipped(name, character.most)
  const alike = Map.groupBy(names.values(), short)
  return new Map(
    [...names].map(([node, name]) => [node, clipped(name, character.most, alike.get(short(name)))]),
  )
}

/** The ways of an arrow, and who else is needed. */
function labelOfEdge({ labels, partners }: FoldedEdge, world: World, words: PictureWords): string {
  const label = labelOfWays(labels, words)
  const [first, ...others] = partners
  if (first === undefined) return label
  const name = clipped(nameIn(world, first), mostLabel / 2)
  return words.together(label, others.length === 0 ? name : `${name} +${others.length}`)
}

function labelOfWays(ways: readonly string[], words: PictureWords): string {
  const labels = [...new Set(ways.map((way) => wayInWords(way, words)))].sort(
    (one, other) => one.length - other.length || compare(one, other),
  )
  const [first = ''] = labels
  return labels.length === 1
    ? clipped(first, mostLabel)
    : `${clipped(first, mostLabel - 4)} +${labels.length - 1}`
}
