import type { DifferenceRow, Statement } from '@omen-iam/policy'
import { github, type Level, type Place, type Result, sarif } from '../../report/index.ts'
import {
  humanPaths,
  jsonOfDifferences,
  type PathDifferences,
  pathResults,
  pathRules,
} from '../graph/differences.ts'
import { safe } from '../output.ts'
import { version } from '../version.ts'
import type { NewAccess } from './narrow.ts'
import type { Pair, Side } from './pairs.ts'

export const diffFormats = ['human', 'json', 'sarif', 'github'] as const
export type DiffFormat = (typeof diffFormats)[number]

/** The differences of one policy between both files. */
export interface PairDifference {
  readonly pair: Pair
  readonly added: readonly NewAccess[]
  readonly removed: readonly NewAccess[]
}

/** Names of actions that are shown of one row before the rest is counted. */
const mostShown = 8

/** The differences in one of the forms that people and programs read. */
export function diffReport(
  all: readonly PairDifference[],
  paths: PathDifferences | undefined,
  format: DiffFormat,
  both: boolean,
): string {
  const results = () => [...all.flatMap(resultsOf), ...pathResults(paths, all[0]?.pair.after.file ?? '-')]
  switch (format) {
    case 'human':
      return humanReport(all, both) + humanPaths(paths)
    case 'json':
      return `${JSON.stringify({ ...jsonReport(all, both), ...jsonOfDifferences(paths) }, null, 2)}\n`
    case 'sarif':
      return sarif(
        { name: 'omen policy diff', version: version(), rules: { ...rules, ...pathRules } },
        results(),
        process.cwd(),
      )
    case 'github':
      return github(results())
  }
}

/** A row from the side whose statement it is of; `other` is the side that does not allow it. */
interface View {
  readonly row: NewAccess
  readonly side: Side
  readonly other: Side
  readonly isRemoved: boolean
}

function viewsOf({ pair, added, removed }: PairDifference): readonly View[] {
  return [
    ...added.map((row) => ({ row, side: pair.after, other: pair.before, isRemoved: false })),
    ...removed.map((row) => ({ row, side: pair.before, other: pair.after, isRemoved: true })),
  ]
}

function humanReport(all: readonly PairDifference[], both: boolean): string {
  const parts = all.flatMap((each) => {
    const views = viewsOf(each)
    if (views.length === 0) return []
    const head = each.pair.name === '' ? '' : `${safe(each.pair.name)}\n`
    return [head + views.map(human).join('')]
  })
  if (parts.length > 0) return parts.join('\n')
  return both ? 'They allow the same.\n' : 'The second allows nothing that the first does not.\n'
}

/** A row in words. One that no example proves may allow nothing, and has a question mark. */
function human(view: View): string {
  const { row, isRemoved } = view
  const sign = `${isRemoved ? '-' : '+'}${row.example === undefined ? '?' : ' '}`
  const lines = [whyOf(view), ...exceptOf(view), exampleText(row)]
  return `${safe(`${sign} ${whatOf(row)}`)}\n${lines.map((line) => `    ${safe(line)}\n`).join('')}`
}

/** The access of a row: actions, resources and principals. */
export function whatOf({
  actions,
  notActions,
  partOf,
  resources,
  notResources,
  principals,
}: NewAccess): string {
  const rest = actions.length - mostShown
  const shown = rest > 1 ? `${actions.slice(0, mostShown).join(', ')} and ${rest} more` : actions.join(', ')
  const of = partOf.length === 0 ? '' : ` (part of ${partOf.join(', ')})`
  const what = `${notActions ? 'everything except ' : ''}${shown}${of}`
  const on =
    resources === undefined ? '' : ` on ${notResources ? 'everything except ' : ''}${resources.join(', ')}`
  const who = principals === undefined ? '' : ` by ${principals.map(({ value }) => value).join(', ')}`
  return `${what}${on}${who}`
}

/** Why a row is in the report: which statement allows it now, or allowed it before. */
function whyOf({ row, side, other, isRemoved }: View): string {
  const here = placeOf(row.statement, row.kind === 'lifted' ? other : side)
  const others = row.before.map((each) => placeOf(each, other)).join(' and ')
  if (isRemoved) {
    switch (row.kind) {
      case 'new':
        return `${sentence(here)} allowed it. Now no statement does.`
      case 'wider':
        return `${sentence(here)} allowed it. Now ${others} ${row.before.length === 1 ? 'allows' : 'allow'} a part of it.`
      case 'conditions':
        return `${sentence(here)} allowed it. Now it is allowed under other conditions, by ${others}.`
      case 'lifted':
        return `Now ${here} denies it.`
    }
  }
  switch (row.kind) {
    case 'new':
      return `${sentence(here)} allows it. Before, no statement did.`
    case 'wider':
      return `${sentence(here)} allows it. Before, ${others} allowed a part of it.`
    case 'conditions':
      return `${sentence(here)} allows it. Before, it was allowed under other conditions, by ${others}.`
    case 'lifted':
      return `Before, ${here} denied it.`
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function exceptOf({ row, side }: View): readonly string[] {
  if (row.except.length === 0) return []
  return [`Except what ${row.except.map((each) => placeOf(each, side)).join(' and ')} denies.`]
}

/** A request that proves a row, or a note that there is none. */
export function exampleText({ statement, example }: DifferenceRow): string {
  if (example === undefined) return 'Not certain: no request was found that proves it.'
  const keys = statement.condition
    .map(({ key }) => [key, example.context.get(key)] as const)
    .filter(([, value]) => value !== undefined)
  const where = new Map(keys.map(([key, value]) => [key, `${key} is ${[value].flat().join(' and ')}`]))
  const when = where.size === 0 ? '' : `, where ${[...where.values()].join(', ')}`
  return `For example ${example.action} on ${example.resource}${when}.`
}

function placeOf({ sid, index, span }: Statement, side: Side): string {
  return `${sid ? `Sid ${sid}` : `statement ${index + 1}`} (line ${side.place(span).start.line})`
}

const rules = {
  'new-access': 'The policy allows what no statement allowed before.',
  'wider-access': 'The policy allows more than statements allowed before.',
  'other-conditions': 'The policy allows under other conditions what was allowed before.',
  'lifted-deny': 'The policy no longer denies what was denied before.',
  'removed-access': 'The policy no longer allows what was allowed before.',
} as const

const ruleOfKind = {
  new: 'new-access',
  wider: 'wider-access',
  conditions: 'other-conditions',
  lifted: 'lifted-deny',
} as const satisfies Record<DifferenceRow['kind'], keyof typeof rules>

function resultsOf(difference: PairDifference): readonly Result[] {
  return viewsOf(difference).map((view): Result => {
    const { row, side, other, isRemoved } = view
    const { name, after } = difference.pair
    const rule = isRemoved ? 'removed-access' : ruleOfKind[row.kind]
    const level: Level = isRemoved || row.example === undefined ? 'note' : 'warning'
    const what = `${isRemoved ? 'No longer allowed' : 'Newly allowed'}: ${whatOf(row)}.`
    const owner = row.kind === 'lifted' ? other : side
    const related = [
      ...(owner === after ? [] : [{ place: rangeOf(row.statement, owner), message: 'the statement' }]),
      ...row.before.map((each) => ({ place: rangeOf(each, other), message: 'what was allowed' })),
    ].filter(({ place }) => place.file !== '-')
    return {
      rule,
      level,
      message: [what, whyOf(view), ...exceptOf(view), exampleText(row)].join(' '),
      // what is removed has no place in the second file
      place: owner === after ? rangeOf(row.statement, after) : topOf(after.file),
      related,
      fingerprint: JSON.stringify([
        name,
        row.kind,
        row.actions,
        row.resources,
        row.principals?.map(({ value }) => value),
      ]),
      properties: { certain: row.example !== undefined, ...(name === '' ? {} : { policy: name }) },
    }
  })
}

function rangeOf({ span }: Statement, side: Side): Place {
  const { start, end } = side.place(span)
  return {
    file: side.file,
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  }
}

function topOf(file: string): Place {
  return { file, startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 }
}

function jsonReport(all: readonly PairDifference[], both: boolean) {
  const views = all.flatMap((each) => viewsOf(each).map((view) => ({ name: each.pair.name, view })))
  const of = (isRemoved: boolean) =>
    views.filter(({ view }) => view.isRemoved === isRemoved).map(({ name, view }) => json(view, name))
  return { added: of(false), ...(both ? { removed: of(true) } : {}) }
}

function json({ row, side, other }: View, name: string) {
  const { kind, statement, actions, notActions, partOf, resources, notResources, principals, example } = row
  const owner = kind === 'lifted' ? other : side
  return {
    ...(name === '' ? {} : { policy: name }),
    kind,
    certain: example !== undefined,
    statement: jsonPlace(statement, owner),
    [notActions ? 'notActions' : 'actions']: actions,
    ...(partOf.length === 0 ? {} : { partOf }),
    ...(resources === undefined ? {} : { [notResources ? 'notResources' : 'resources']: resources }),
    ...(principals === undefined
      ? {}
      : { principals: principals.map(({ type, value }) => ({ type, value })) }),
    conditions: statement.condition.map(({ operator, key, values }) => ({
      operator,
      key,
      values: values.map(({ value }) => value),
    })),
    allowedInPart: row.before.map((each) => jsonPlace(each, other)),
    except: row.except.map((each) => jsonPlace(each, side)),
    ...(example === undefined
      ? {}
      : {
          example: {
            action: example.action,
            resource: example.resource,
            context: Object.fromEntries(example.context.entries()),
          },
        }),
  }
}

function jsonPlace({ sid, index, span }: Statement, side: Side) {
  const { line, column } = side.place(span).start
  return { ...(sid === undefined ? {} : { sid }), index, line, column }
}
