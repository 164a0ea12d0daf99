import { decodePercent } from '../../wire/index.ts'
import type { PackedOperation } from './packed.ts'
import { hoisted, type RequestQuery } from './query.ts'

/** The paths of one service, segment by segment. */
export interface PathTree {
  readonly literals: Map<string, PathTree>
  label?: PathTree
  /** Endpoints that take all that is left of the path, but for the segments behind it. */
  readonly greedy: Endpoint[]
  readonly ends: Endpoint[]
}

interface Endpoint {
  readonly name: string
  readonly method: string
  readonly labels: readonly string[]
  /** Literal segments behind a greedy label. */
  readonly suffix: readonly string[]
  /** Whether the template ends with a slash; services of one path may differ in nothing else. */
  readonly slash: boolean
  /** Query constants that make the operation: with a value, or with any. */
  readonly constants: readonly (readonly [name: string, value: string | undefined])[]
  readonly given: readonly string[]
}

/**
 * The result of a method and path: an operation, several that nothing distinguishes, or a path that cannot be read.
 */
export type PathMatch =
  | {
      readonly name: string
      readonly labels: Readonly<Record<string, string>>
      /** The weight of the literal parts of the path: literal segments, and half a one for the same slash at the end. */
      readonly weight: number
    }
  | 'ambiguous'
  | 'malformed'

/** The path of a request, taken apart. */
export interface RequestPath {
  readonly method: string
  readonly segments: readonly string[]
  /** Whether a slash follows the last segment. */
  readonly slash: boolean
  readonly query: RequestQuery
  readonly headers: Readonly<Record<string, string>>
}

/** A path has at most this many segments; a key of S3 has 1,024 bytes. */
const mostSegments = 1100

/** Compiles the paths of a service's operations. */
export function pathTree(operations: Readonly<Record<string, PackedOperation>>): PathTree {
  const root = emptyTree()
  for (const [name, { http, given = [] }] of Object.entries(operations)) {
    if (http !== undefined) addPath(root, name, http, given)
  }
  return root
}

/** Adds one path, as the pack writes it, to a tree. */
export function addPath(root: PathTree, name: string, http: string, given: readonly string[]): void {
  const [method = '', uri = ''] = http.split(' ', 2)
  const [path = '', constants] = uri.split('?', 2)
  const labels: string[] = []
  const suffix: string[] = []
  let node = root
  let greedy = false
  for (const segment of segmentsOf(path)) {
    const label = /^\{([\w.-]+)(\+?)\}$/.exec(segment)
    if (greedy) suffix.push(segment)
    else if (label === null) node = childOf(node.literals, segment)
    else {
      labels.push(label[1]!)
      if (label[2] === '+') greedy = true
      else {
        node.label ??= emptyTree()
        node = node.label
      }
    }
  }
  const slash = path.endsWith('/')
  const endpoint = { name, method, labels, suffix, slash, constants: constantsOf(constants), given }
  if (greedy) node.greedy.push(endpoint)
  else node.ends.push(endpoint)
}

/** An empty tree of paths. */
export function emptyTree(): PathTree {
  return { literals: new Map(), greedy: [], ends: [] }
}

/** A path's segments as sent; one slash at the end means nothing. */
export function segmentsOf(path: string): readonly string[] {
  const segments = (path.startsWith('/') ? path.slice(1) : path).split('/', mostSegments)
  return segments.at(-1) === '' ? segments.slice(0, -1) : segments
}

/** The operation that a request's method, path, query and headers name: the most literal path that fits. */
export function matchPath(root: PathTree, path: RequestPath): PathMatch | undefined {
  return walk(root, path, 0, [], 0)
}

function walk(
  node: PathTree,
  path: RequestPath,
  at: number,
  values: readonly string[],
  literals: number,
): PathMatch | undefined {
  const segment = path.segments[at]
  if (segment === undefined) return chosen(node.ends, path, values, literals)
  const plain = decodePercent(segment)
  if (plain === undefined) return 'malformed'
  const literal = node.literals.get(plain)
  const found = literal && walk(literal, path, at + 1, values, literals + 1)
  if (found !== undefined) return found
  if (node.label !== undefined && plain !== '') {
    const labelled = walk(node.label, path, at + 1, [...values, plain], literals)
    if (labelled !== undefined) return labelled
  }
  return node.greedy.length === 0 ? undefined : greedily(node.greedy, path, at, values, literals)
}

function greedily(
  endpoints: readonly Endpoint[],
  path: RequestPath,
  at: number,
  values: readonly string[],
  literals: number,
): PathMatch | undefined {
  const rest = path.segments.slice(at)
  const fitting = endpoints.filter(
    ({ suffix }) =>
      suffix.length < rest.length &&
      suffix.every((part, i) => part === rest[rest.length - suffix.length + i]),
  )
  const longest = Math.max(
    0,
    ...fitting.filter(({ method }) => method === path.method).map(({ suffix }) => suffix.length),
  )
  const taken = rest.slice(0, rest.length - longest).join('/')
  const value = decodePercent(taken + (path.slash && longest === 0 ? '/' : ''))
  if (value === undefined) return 'malformed'
  const rivals = fitting.filter(({ suffix }) => suffix.length === longest)
  return chosen(rivals, path, [...values, value], literals + longest)
}

/**
 * Among the operations of one path, the one that the query constants name. Otherwise the one whose required parameters
 * and headers are all present and include those of every other match. If none is complete, the upstream reports what
 * is missing.
 */
function chosen(
  endpoints: readonly Endpoint[],
  path: RequestPath,
  values: readonly string[],
  literals: number,
): PathMatch | undefined {
  const fitting = endpoints.filter(
    ({ method, constants }) =>
      method === path.method &&
      constants.every(([name, value]) => {
        const found = path.query.get(name)
        return found !== undefined && (value === undefined || found.includes(value))
      }),
  )
  if (fitting.length === 0) return undefined
  const isComplete = ({ given }: Endpoint) => given.every((marked) => isGiven(marked, path))
  // `operation=search` is a name; a mere `acl` may occur beside others.
  const named = fitting.filter(({ constants }) => constants.some(([, value]) => value !== undefined))
  const marked = named.length > 0 ? named : fitting.filter(({ constants }) => constants.length > 0)
  const meant = marked.length > 0 ? marked : fitting
  const complete = meant.filter(isComplete)
  const rivals = complete.length > 0 ? complete : meant
  const best = rivals.reduce((a, b) => (marksOf(b).length > marksOf(a).length ? b : a))
  const marks = new Set(marksOf(best))
  const others = named.length > 0 ? rivals : [...rivals, ...fitting.filter(isComplete)]
  if (!others.every((other) => marksOf(other).every((mark) => marks.has(mark)))) return 'ambiguous'
  const labels = Object.fromEntries(best.labels.map((label, index) => [label, values[index]!]))
  return { name: best.name, labels, weight: literals + (best.slash === path.slash ? 0.5 : 0) }
}

function marksOf({ constants, given }: Endpoint): readonly string[] {
  return [...constants.map(([name]) => `?${name}`), ...given]
}

function isGiven(marked: string, { query, headers }: RequestPath): boolean {
  const name = marked.slice(1)
  if (marked.startsWith('?')) return query.has(name)
  return headers[name] !== undefined || hoisted(name, query) !== undefined
}

function constantsOf(text: string | undefined): Endpoint['constants'] {
  if (text === undefined || text === '') return []
  return text.split('&').map((pair) => {
    const equals = pair.indexOf('=')
    return equals < 0 ? [pair, undefined] : [pair.slice(0, equals), pair.slice(equals + 1)]
  })
}

function childOf(children: Map<string, PathTree>, name: string): PathTree {
  let child = children.get(name)
  if (child === undefined) {
    child = emptyTree()
    children.set(name, child)
  }
  return child
}
