import { compileDocument } from '../compile/document.ts'
import type { Policy, PrincipalElement, PrincipalEntry, Statement } from '../document/policy.ts'
import { compileAction } from '../match/action.ts'
import { matcherOf } from '../match/glob.ts'
import { Budget, metered } from '../match/meter.ts'
import { compilePrincipal, naming, notNamed } from '../match/principal.ts'
import { resourceParts } from '../match/resource.ts'
import { emptyContext } from '../request/context.ts'
import type { Request } from '../request/request.ts'
import type { DifferenceOptions, DifferenceRow } from './difference-row.ts'
import {
  actionSet,
  isSameNotPrincipal,
  type PatternSet,
  pieces,
  principalIncludes,
  principalOverlaps,
  resourceSet,
  setIncludes,
  setOverlaps,
} from './elements.ts'
import { findExample } from './example.ts'
import { type Conditions, implies } from './implication.ts'
import { allows, denies } from './verdict.ts'

/** Maximum steps of one comparison, about a second. The rest counts as different. */
const maxSteps = 20_000_000
/** Maximum pieces of one statement to compare one by one. A longer statement is compared as a whole. */
const maxPieces = 4_096

/**
 * Returns what `after` allows and `before` does not. Both are of one kind, and each is taken alone. Patterns are
 * compared by what they match, and conditions by their meaning if that is simple. A row with an example is certain. A
 * row without one may be empty: several statements may allow together what none allows alone, and conditions may
 * depend on each other.
 */
export function difference(
  before: Policy,
  after: Policy,
  options: DifferenceOptions = {},
): readonly DifferenceRow[] {
  return metered(new Budget(maxSteps), () => compare(before, after, options))
}

function compare(before: Policy, after: Policy, options: DifferenceOptions): readonly DifferenceRow[] {
  const from = sidesOf(before)
  const to = sidesOf(after)
  const open = to.allows.filter((one) => partsOf(one, (piece) => !isDenied(piece, one, to)).length > 0)
  const rows = [
    ...to.allows.flatMap((one) => grown(one, from, to)),
    ...to.unsupported.flatMap((one) => grown(one, { ...from, allows: from.unsupported }, to)),
    ...from.denies.flatMap((one) => lifted(one, to, open)),
  ]
  return rows.map((row) => {
    const policy = row.kind === 'lifted' ? before : after
    const example = findExample(row, before, after, options, (request) => isInRow(row, request, policy))
    return example === undefined ? row : { ...row, example }
  })
}

/** Whether a request is in a row. `policy` is the one with the row's statement. */
export function isInRow(row: DifferenceRow, request: Request, policy: Policy): boolean {
  const action = request.action.toLowerCase()
  if (row.actions.some((pattern) => compileAction(pattern)(action, emptyContext)) === row.notActions)
    return false
  const fits = (pattern: string) =>
    matcherOf(resourceParts(pattern, policy, row.statement))(request.resource, request.context)
  const compiled = compileDocument(policy).statements[row.statement.index]!
  const isRead = compiled.unreadable === undefined
  if (isRead && row.resources !== undefined && row.resources.some(fits) === row.notResources) return false
  if (row.principals !== undefined) {
    const test = compilePrincipal({ ...row.statement.principal!, entries: row.principals })
    if (naming(test, request.principal) === notNamed) return false
  }
  return (row.kind === 'lifted' ? denies : allows)(compiled, request)
}

/** A statement for comparing. */
interface Side {
  readonly statement: Statement
  readonly actions: PatternSet
  readonly resources: PatternSet
  readonly conditions: Conditions
}

/** A part of a statement: some of its actions, resources and principals. */
interface Piece {
  readonly actions: PatternSet
  readonly resources: PatternSet
  readonly principal: PrincipalEntry | undefined
  /** The statement's own: a NotPrincipal is never cut. */
  readonly element: PrincipalElement | undefined
}

interface Sides {
  readonly allows: readonly Side[]
  /** Allows with a NotPrincipal. They grant nothing here, but AWS warns that they may allow anyone (behaviour POL-128). */
  readonly unsupported: readonly Side[]
  readonly denies: readonly Side[]
}

function sidesOf(policy: Policy): Sides {
  const sides = policy.statements.map((statement) => ({
    statement,
    actions: actionSet(statement.action),
    resources: resourceSet(statement, policy),
    conditions: { entries: statement.condition, variables: policy.version === '2012-10-17' },
  }))
  return {
    unsupported: sides.filter(
      ({ statement: { effect, principal } }) => effect === 'Allow' && principal?.negated,
    ),
    allows: sides.filter(({ statement: { effect, principal } }) => effect === 'Allow' && !principal?.negated),
    denies: sides.filter(({ statement: { effect } }) => effect === 'Deny'),
  }
}

/** The parts of an Allow that no single statement of the other policy allows and its own policy does not deny. */
function grown(side: Side, from: Sides, to: Sides): readonly DifferenceRow[] {
  const left = partsOf(side, (piece) => {
    const covers = (other: Side) => holdsAll(other, piece, side)
    return !from.allows.some(covers) && !isDenied(piece, side, to)
  })
  return left.map(({ actions, resources, principals }) => {
    const whole = wholeOf(side, actions, resources)
    const near = (other: Side) => principals.some((principal) => meets(other, { ...whole, principal }))
    const before = from.allows.filter(near)
    const same = (other: Side) =>
      principals.every((principal) => reaches(other, { ...whole, principal })) &&
      other.conditions.entries.length > 0
    return {
      kind: before.length === 0 ? 'new' : before.some(same) ? 'conditions' : 'wider',
      ...partOf(side, actions, resources, principals),
      before: before.map((other) => other.statement),
      except: to.denies.filter(near).map((other) => other.statement),
    }
  })
}

/** The parts of a Deny that the other policy allows and no longer denies. */
function lifted(side: Side, to: Sides, open: readonly Side[]): readonly DifferenceRow[] {
  const left = partsOf(side, (piece) => {
    if (!open.some((other) => meets(other, piece))) return false
    return !isDenied(piece, side, to)
  })
  return left.map(({ actions, resources, principals }) => {
    const whole = wholeOf(side, actions, resources)
    const near = (other: Side) => principals.some((principal) => meets(other, { ...whole, principal }))
    return {
      kind: 'lifted',
      ...partOf(side, actions, resources, principals),
      before: [],
      except: to.denies.filter(near).map((other) => other.statement),
    }
  })
}

/** Parts of a statement, by their places in its lists. */
interface Part {
  readonly actions: readonly number[]
  readonly resources: readonly number[]
  readonly principals: readonly (PrincipalEntry | undefined)[]
}

/** The remaining pieces. Those that differ in only one list are merged. */
function partsOf({ statement, actions, resources }: Side, keep: (piece: Piece) => boolean): readonly Part[] {
  const { principal } = statement
  const entries: readonly (PrincipalEntry | undefined)[] =
    principal === undefined || principal.negated ? [undefined] : principal.entries
  const actionPieces = pieces(actions)
  const resourcePieces = pieces(resources)
  const all = { actions: [...actionPieces.keys()], resources: [...resourcePieces.keys()] }
  if (actionPieces.length * resourcePieces.length * entries.length > maxPieces)
    return entries.some((entry) => keep({ actions, resources, principal: entry, element: principal }))
      ? [{ ...all, principals: entries }]
      : []
  const parts = new Map<
    string,
    { actions: number[]; resources: readonly number[]; principals: readonly (PrincipalEntry | undefined)[] }
  >()
  for (const [action, actionPiece] of actionPieces.entries()) {
    const byResources = new Map<
      string,
      { resources: readonly number[]; principals: (PrincipalEntry | undefined)[] }
    >()
    for (const entry of entries) {
      const left = all.resources.filter((index) =>
        keep({
          actions: actionPiece,
          resources: resourcePieces[index]!,
          principal: entry,
          element: principal,
        }),
      )
      if (left.length === 0) continue
      const key = left.join()
      const same = byResources.get(key)
      if (same === undefined) byResources.set(key, { resources: left, principals: [entry] })
      else same.principals.push(entry)
    }
    for (const [key, { resources: left, principals }] of byResources) {
      const name = `${key}|${principals.map((entry) => entries.indexOf(entry)).join()}`
      const same = parts.get(name)
      if (same === undefined) parts.set(name, { actions: [action], resources: left, principals })
      else same.actions.push(action)
    }
  }
  return [...parts.values()]
}

function isDenied(piece: Piece, side: Side, { denies: all }: Sides): boolean {
  return all.some((other) => holdsAll(other, piece, side))
}

/** Whether a statement covers all of a piece, with conditions that hold whenever the piece's do. */
function holdsAll(other: Side, piece: Piece, { conditions }: Side): boolean {
  return reaches(other, piece) && implies(conditions, other.conditions)
}

/** Whether a statement covers all of a piece, without regard to conditions. */
function reaches({ statement, actions, resources }: Side, piece: Piece): boolean {
  const { principal } = statement
  return (
    (principalIncludes(principal, piece.principal) || isSameNotPrincipal(principal, piece.element)) &&
    setIncludes(actions, piece.actions) &&
    setIncludes(resources, piece.resources)
  )
}

/** Whether a statement may cover some of a piece, without regard to conditions. */
function meets({ statement, actions, resources }: Side, piece: Piece): boolean {
  return (
    principalOverlaps(statement.principal, piece.principal) &&
    setOverlaps(actions, piece.actions) &&
    setOverlaps(resources, piece.resources)
  )
}

function wholeOf(side: Side, actions: readonly number[], resources: readonly number[]) {
  return {
    actions: subset(side.actions, actions),
    resources: subset(side.resources, resources),
    element: side.statement.principal,
  }
}

function subset(set: PatternSet, indexes: readonly number[]): PatternSet {
  return set.negated ? set : { negated: false, patterns: indexes.map((index) => set.patterns[index]!) }
}

function partOf(
  side: Side,
  actions: readonly number[],
  resources: readonly number[],
  principals: readonly (PrincipalEntry | undefined)[],
) {
  const { statement } = side
  const { action, resource } = statement
  // A Deny that cannot be read applies to every resource.
  const isWhole = side.resources.negated
  const texts = (element: typeof action, indexes: readonly number[]) =>
    element.negated
      ? element.values.map(({ value }) => value)
      : indexes.map((index) => element.values[index]!.value)
  const named = principals.filter((entry) => entry !== undefined)
  return {
    statement,
    actions: texts(action, actions),
    notActions: action.negated,
    ...(resource === undefined
      ? {}
      : { resources: isWhole ? resource.values.map(({ value }) => value) : texts(resource, resources) }),
    notResources: resource?.negated === true,
    ...(named.length === 0 ? {} : { principals: named }),
  }
}
