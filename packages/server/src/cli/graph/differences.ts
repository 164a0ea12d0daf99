import { readFileSync } from 'node:fs'
import { type JsonNode, parseJson } from '@omen-iam/policy'
import { techniqueTable } from '../../authorization/catalogue/index.ts'
import {
  comparePaths,
  endedEarly,
  type Graph,
  graphOf,
  type Incomplete,
  joinWorlds,
  lineOfPath,
  type PathChange,
  type PathView,
  pathView,
  readWorld,
  type StepBudget,
  shortArn,
  WorldProblem,
  worldOfImage,
} from '../../graph/index.ts'
import type { Level, Result } from '../../report/index.ts'
import { badConfiguration } from '../failure.ts'
import { messageOf } from '../home.ts'
import { safe } from '../output.ts'
import { unfinishedOf } from './incomplete.ts'
import { factsOf } from './open.ts'
import { originIn, type PlacedImage } from './planned.ts'
import type { WorldOptions } from './world-options.ts'

/** Files beside the account: what is not in a dump or in templates. */
export type FactFiles = Pick<WorldOptions, 'inventory' | 'organization'>

/** The graph of the accounts of an image together; undefined if they have neither users nor roles. */
export function graphOfImage({ image, statementPlaces }: PlacedImage, files: FactFiles): Graph | undefined {
  const facts = { ...factsOf(files), originOf: originIn(statementPlaces) }
  const worlds = image.accounts
    .filter(({ users, roles }) => users.length + roles.length > 0)
    .map((account) => worldOfImage(account, { ...facts, readPolicies: image.readPolicies ?? new Map() }))
  return worlds.length === 0 ? undefined : graphOf(joinWorlds(worlds), techniqueTable())
}

/** Paths that open and close between two states of accounts, each in a line. */
export interface PathDifferences {
  readonly opened: readonly PathDifference[]
  readonly closed: readonly PathDifference[]
  /** If searches ended early: what else opens or closes is not known. */
  readonly incomplete?: Incomplete
  /** For people: what was not compared. */
  readonly notes: readonly string[]
}

/** A path that opens or closes. */
export interface PathDifference {
  readonly change: PathChange
  readonly line: string
  /** The fact that an undecided path waits for; absent if it is decided. */
  readonly missing?: string
}

/** Compares the paths of accounts. */
export function pathDifferences(
  before: Graph | undefined,
  after: Graph | undefined,
  options: { readonly budget?: StepBudget } = {},
): PathDifferences {
  const { opened, closed, isComplete, incomplete } = comparePaths(before, after, { budget: options.budget })
  return {
    opened: opened.map((change) => withLine(change)),
    closed: closed.map((change) => withLine(change)),
    ...(incomplete === undefined ? {} : { incomplete }),
    notes: [
      ...(isComplete ? [] : ['there are many users and roles: only paths to an administrator were compared']),
      ...(incomplete === undefined
        ? []
        : [`undecided: ${endedEarly(incomplete)}, so ${unfinishedOf(incomplete)} may have other paths`]),
    ],
  }
}

function withLine(change: PathChange): PathDifference {
  const { answer, world, before, after } = change
  const [best] = answer.paths
  const view = best && pathView(world, best)
  const line = lineOfPath(answer, view, { places: 'files' })
  const was =
    ['none', 'blocked'].includes(before) || ['none', 'blocked'].includes(after)
      ? ''
      : `; it was ${before} before, and is ${after} now`
  const missing = answer.verdict === 'undecided' && was === '' ? missingIn(view) : undefined
  return { change, line: `${line}${was}`, ...(missing === undefined ? {} : { missing }) }
}

function missingIn(view: PathView | undefined): string | undefined {
  const all = new Set(view?.steps.flatMap(({ because }) => because ?? []))
  return all.size === 0 ? undefined : [...all].join(', ')
}

/** Lines with a sign; undecided paths to one principal that wait for the same are one line. */
function linesOf(differences: readonly PathDifference[], sign: string): readonly string[] {
  const groups = Map.groupBy(differences, (each) =>
    each.missing === undefined ? each : JSON.stringify([each.change.to, each.missing]),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined || group.length === 1) return group.map(({ line }) => `${sign} ${line}`)
    const { change, missing } = first
    const names = group.slice(0, mostNames).map(({ change }) => shortArn(change.from))
    const more = group.length > mostNames ? ` and ${group.length - mostNames} more` : ''
    return `${sign} ${group.length} principals → ${shortArn(change.to)}: undecided; ${missing}; ${names.join(', ')}${more}`
  })
}

const mostNames = 8

/** A path that opens or closes, for JSON. */
function jsonOfDifference({ change }: PathDifference) {
  const { from, to, before, after, answer, world } = change
  const [best] = answer.paths
  return { from, to, before, after, ...(best === undefined ? {} : { path: pathView(world, best) }) }
}

/**
 * The graphs of an account before and after one of its policies is replaced by another one. The policy is found by its
 * document. @throws CommandFailure if the account does not have it
 */
export function graphsOfChange(
  from: string,
  old: string,
  next: string,
  files: FactFiles,
): readonly [Graph, Graph] {
  const text = textOf(from)
  const root = parseJson(text, 64)
  if (root.type === 'problem') throw badConfiguration(`${from}: ${root.message}`)
  const wanted = canonical(JSON.parse(old))
  const found = [...documentsIn(root)].filter((node) => canonical(plainOf(node)) === wanted)
  if (found.length === 0)
    throw badConfiguration(`${from} has no policy that is equal to the first file, so it cannot be replaced`)
  let changed = ''
  let end = 0
  for (const node of found) {
    changed += text.slice(end, node.start) + next
    end = node.end
  }
  changed += text.slice(end)
  return [graphOfDetails(text, from, files), graphOfDetails(changed, from, files)]
}

/** The graph of a dump. @throws CommandFailure if it is none */
export function graphOfDetails(details: string, name: string, files: FactFiles): Graph {
  try {
    return graphOf(readWorld({ ...factsOf(files), details, file: name }), techniqueTable())
  } catch (error) {
    throw error instanceof WorldProblem ? badConfiguration(`${name}: ${error.message}`) : error
  }
}

/** Every policy document of a dump: objects, or texts of JSON. */
function* documentsIn(node: JsonNode): Generator<JsonNode> {
  if (node.type === 'list') for (const item of node.items) yield* documentsIn(item)
  if (node.type !== 'object') return
  for (const { key, value } of node.members) {
    if (/^(?:PolicyDocument|Document|AssumeRolePolicyDocument)$/.test(key.value)) yield value
    else yield* documentsIn(value)
  }
}

function plainOf(node: JsonNode): unknown {
  switch (node.type) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plainOf(value)]))
    case 'list':
      return node.items.map(plainOf)
    case 'string':
      return documentText(node.value)
    default:
      return 'value' in node ? node.value : null
  }
}

/** A document that is a text, as IAM's own API answers. */
function documentText(text: string): unknown {
  if (!/^(?:\{|%7B)/i.test(text)) return text
  try {
    return JSON.parse(text.startsWith('{') ? text : decodeURIComponent(text))
  } catch {
    return text
  }
}

/** Equal texts for equal documents. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  )
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw badConfiguration(`${file} cannot be read: ${messageOf(error)}`)
  }
}

/** The section of a report for people; empty if no path opens or closes. */
export function humanPaths(paths: PathDifferences | undefined): string {
  if (paths === undefined) return ''
  const { opened, closed, notes } = paths
  const lines = [
    ...linesOf(opened, '+').map((line) => `  ${line}`),
    ...linesOf(closed, '-').map((line) => `  ${line}`),
    ...notes.map((note) => `  ${note}`),
  ]
  return lines.length === 0
    ? ''
    : `\nPaths that open (+) and close (-):\n${lines.map((line) => `${safe(line)}\n`).join('')}`
}

/** The same for JSON. */
export function jsonOfDifferences(paths: PathDifferences | undefined) {
  if (paths === undefined) return {}
  const { opened, closed, notes } = paths
  return { paths: { opened: opened.map(jsonOfDifference), closed: closed.map(jsonOfDifference), notes } }
}

/** Rules of reports. */
export const pathRules = {
  'opens-path': 'Someone can newly become an administrator, or another user or role.',
  'closes-path': 'Someone can no longer become an administrator, or another user or role.',
} as const

/** The same for code scanning, at the top of a file. */
export function pathResults(paths: PathDifferences | undefined, file: string): readonly Result[] {
  if (paths === undefined) return []
  const place = { file, startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 }
  const result = (rule: keyof typeof pathRules, level: Level, { change, line }: PathDifference): Result => ({
    rule,
    level,
    message: `${rule === 'opens-path' ? 'Opens a path' : 'Closes a path'}: ${line}`,
    ...(file === '-' ? {} : { place }),
    fingerprint: JSON.stringify([rule, change.from, change.to]),
  })
  return [
    ...paths.opened.map((each) =>
      result('opens-path', each.change.after === 'undecided' ? 'note' : 'error', each),
    ),
    ...paths.closed.map((each) => result('closes-path', 'note', each)),
  ]
}
