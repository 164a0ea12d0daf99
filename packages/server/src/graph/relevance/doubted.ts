import type { Statement } from '@omen-iam/policy'
import type { Technique } from '../../authorization/catalogue/index.ts'
import { followingCalls } from '../request/actor.ts'
import { listIn } from '../world/lists.ts'
import { callsOf } from './search-options.ts'

/** The statements of a document about calls that another principal may make instead, in lower case. */
export interface Doubts {
  readonly allowed: ReadonlySet<string>
  /** The actions that are allowed without a condition. */
  readonly free: ReadonlySet<string>
  /** The actions that are allowed without a condition, on everything. */
  readonly everywhere: ReadonlySet<string>
  readonly denied: ReadonlySet<string>
  /** The actions that a conditional statement allows. */
  readonly conditional: ReadonlySet<string>
}

/** Keys of how a call is made: who meets no condition on them meets none as another principal. */
const ambient =
  /^aws:(?:MultiFactorAuth\w+|Source(?:Ip|Vpc\w*)|VpcSourceIp|RequestedRegion|SecureTransport|CurrentTime|EpochTime|ViaAWSService)$/i

/** The calls that may come before one that follows: for each technique the first ones, and that which passes a role. */
export type Before = ReadonlyMap<string, readonly (readonly string[])[]>

/** The calls of techniques that come before those that others may make. */
export function beforeIn(techniques: readonly Technique[]): Before {
  const before = new Map<string, (readonly string[])[]>()
  for (const technique of techniques) {
    const { first, following } = callsOf(technique)
    for (const call of following) listIn(before, call).push(first)
  }
  return before
}

/** Collects statements about calls that another principal may make instead. */
export function doubtsOf(
  statements: readonly Statement[],
  before: Before,
  actionsOf: (statement: Statement) => readonly string[],
): Doubts {
  const followingIn = (
    effect: Statement['effect'],
    fits: (statement: Statement) => boolean = () => true,
  ): readonly string[] =>
    statements
      .filter((statement) => statement.effect === effect && fits(statement))
      .flatMap(actionsOf)
      .filter((action) => followingCalls().has(action))
  const isPlain = ({ condition }: Statement): boolean => condition.length === 0
  const isOwn = ({ condition }: Statement): boolean =>
    condition.length === 0 || condition.some(({ key }) => !ambient.test(key))
  const later = statements
    .filter((statement) => statement.effect === 'Deny' && !isOwn(statement))
    .flatMap((statement) => hinderedBy(statement, before, actionsOf(statement)))
  return {
    allowed: new Set(followingIn('Allow')),
    free: new Set(followingIn('Allow', isPlain)),
    everywhere: new Set(followingIn('Allow', (each) => isPlain(each) && isEverywhere(each))),
    denied: new Set([...followingIn('Deny', isOwn), ...later]),
    conditional: new Set([
      ...followingIn('Allow', (each) => !isPlain(each)),
      ...followingIn('Deny', (each) => !isPlain(each) && isOwn(each)),
      ...later,
    ]),
  }
}

/** The calls that a Deny refuses, but not those before them: the condition is not left of these. */
function hinderedBy(statement: Statement, before: Before, actions: readonly string[]): readonly string[] {
  const refused = new Set(isEverywhere(statement) ? actions : [])
  return actions.filter((call) => before.get(call)?.some((all) => !all.some((each) => refused.has(each))))
}

function isEverywhere({ resource }: Statement): boolean {
  return resource === undefined || (!resource.negated && resource.values.some(({ value }) => value === '*'))
}

/** The calls that documents allow, but not in every case: a Deny is about them, or each Allow has a condition. */
export function doubtedIn(documents: readonly Doubts[]): ReadonlySet<string> {
  const doubted = new Set<string>()
  for (const { allowed } of documents)
    for (const action of allowed) {
      const isFree = documents.some(({ free }) => free.has(action))
      if (!isFree || documents.some(({ denied }) => denied.has(action))) doubted.add(action)
    }
  return doubted
}

/** The calls that a boundary, which has these documents, does not allow in every case. */
export function limitedBy(boundary: readonly Doubts[]): ReadonlySet<string> {
  const isFree = (action: string): boolean =>
    boundary.some(({ everywhere }) => everywhere.has(action)) &&
    !boundary.some(({ denied }) => denied.has(action))
  return new Set([...followingCalls()].filter((action) => !isFree(action)))
}

/** The calls that the SCPs of a level may refuse to some principals of an account, and not to others. */
export function dividedBy(level: readonly Doubts[]): ReadonlySet<string> {
  return new Set(level.flatMap(({ conditional }) => [...conditional]))
}
