import {
  type CallChange,
  changeCall,
  type Edit,
  evaluate,
  guardrailOf,
  type KeyChange,
  suggest,
  suggestTogether,
  trace,
  withChange,
} from '@omen-iam/policy'
import {
  type Call,
  hypotheticalSession,
  isThere,
  type Judged,
  judge,
  mayAssume,
  principalOf,
} from '../../authorization/index.ts'
import { iamArn, parseAccountId } from '../../base/index.ts'
import { type Account, roles } from '../../directory/index.ts'
import { isSigned } from '../../session/index.ts'
import type { KeyChangeView, WayView } from '../../views/index.ts'
import { viewEdit } from './edit-view.ts'

/** The most roles that are tried as other roles. */
const rolesTried = 200

/** Edits that allow a call, and the guardrails that they weaken. */
export interface AllowingEdits {
  readonly edits: readonly Edit[]
  readonly guardrails: readonly string[]
}

/**
 * The fixes for a denied call, in the order in which a careful engineer considers them: change the call, assume a role
 * that may, widen the narrowest Allow, and a guardrail last. The engine confirms each.
 */
export function waysOut(questions: readonly Judged[], call: Call): readonly WayView[] {
  return [
    ...callWays(questions),
    ...rolesThatMay(questions, call).map((role): WayView => ({ kind: 'role', role })),
    ...editWays(questions),
  ]
}

function callWays(questions: readonly Judged[]): readonly WayView[] {
  const denied = questions.filter(({ decision }) => decision.outcome !== 'allowed')
  if (denied.length === 0 || questions.some(isScopedOut)) return []
  const each = denied.map(({ request, policies }) => changeCall(request, policies))
  const [first = []] = each
  const whole = denied.length === 1 ? first : [merged(each.map(([best]) => best))]
  return whole
    .filter((change): change is CallChange => change !== undefined && allowsAll(change, questions))
    .map((change) => ({ kind: 'call', changes: change.map(viewKey) }))
}

/** One change that combines those of several questions; undefined if one has none. */
function merged(changes: readonly (CallChange | undefined)[]): CallChange | undefined {
  const keys = new Map<string, KeyChange>()
  for (const change of changes) {
    if (change === undefined) return undefined
    for (const each of change) keys.set(each.key.toLowerCase(), each)
  }
  return [...keys.values()]
}

function allowsAll(change: CallChange, questions: readonly Judged[]): boolean {
  return questions.every(
    ({ request, policies }) => evaluate(withChange(request, change), policies).outcome === 'allowed',
  )
}

function viewKey({ value, seen, ...rest }: KeyChange): KeyChangeView {
  return { ...rest, value: value ?? null, seen: seen ?? null }
}

function editWays(questions: readonly Judged[]): readonly WayView[] {
  return editsThatAllow(questions).map(({ edits, guardrails }): WayView => {
    const views = edits.map(viewEdit)
    return guardrails.length === 0
      ? { kind: 'widen', edits: views }
      : { kind: 'guardrail', guardrails, edits: views }
  })
}

/** Edits that together allow the call, and the guardrails that they weaken: those that weaken none first. */
export function editsThatAllow(questions: readonly Judged[]): readonly AllowingEdits[] {
  if (questions.some(isScopedOut)) return []
  const denied = questions.filter(({ decision }) => decision.outcome !== 'allowed')
  const [only] = denied
  if (only === undefined) return []
  const all =
    denied.length === 1
      ? suggest(only.request, only.policies, fixedBy(only.access)).map(({ edits }) => edits)
      : [changeOf(questions) ?? []]
  const traced = denied.map(({ request, policies }) => trace(request, policies))
  const ways = all
    .filter((edits) => edits.length > 0)
    .map((edits) => ({ edits, guardrails: [...new Set(edits.flatMap((edit) => guardedBy(edit, traced)))] }))
  return [
    ...ways.filter(({ guardrails }) => guardrails.length === 0),
    ...ways.filter(({ guardrails }) => guardrails.length > 0),
  ]
}

function guardedBy(edit: Edit, traced: readonly ReturnType<typeof trace>[]): readonly string[] {
  const [name] = traced.map((each) => guardrailOf(edit, each)).filter((each) => each !== undefined)
  return name === undefined ? [] : [name]
}

/** Edits that allow the whole call, and not only the question that stopped it; undefined if no policy can. */
export function changeOf(questions: readonly Judged[]): readonly Edit[] | undefined {
  if (questions.some(isScopedOut)) return undefined
  return suggestTogether(
    questions.map(({ access, request, policies }) => ({ request, compiled: policies, ...fixedBy(access) })),
  )
}

/** Returns whether the policies allow it, and the scopes of the caller's session do not (behaviour STS-74). */
export function isScopedOut({ request, policies, decision }: Judged): boolean {
  return decision.outcome !== 'allowed' && evaluate(request, policies).outcome === 'allowed'
}

/** A missing resource has no policy that could be edited. */
export function fixedBy({ resourcePolicy }: Judged['access']) {
  return resourcePolicy?.missing ? { fixed: ['resource'] as const } : {}
}

/**
 * Roles that the caller may assume, of its own account and of the resources', and that may then do everything that the
 * call needs.
 */
export function rolesThatMay(questions: readonly Judged[], call: Call): readonly string[] {
  const { caller, account } = call
  if (!isSigned(caller) || (caller.kind !== 'user' && caller.kind !== 'role') || !isThere(caller, account))
    return []
  const owners = new Set<Account>([account])
  for (const { request } of questions) {
    const owner = parseAccountId(request.resourceAccount ?? '')
    const other = owner && call.deps.directory.loaded(owner)
    if (other !== undefined) owners.add(other)
  }
  const found: string[] = []
  let tried = 0
  for (const owner of owners) {
    for (const role of owner.table(roles).values()) {
      if (++tried > rolesTried) return found
      if (role.linkedService !== undefined || (caller.kind === 'role' && caller.role.id === role.id)) continue
      const arn = iamArn(owner, 'role', role.path, role.name)
      if (mayAssume(call, role, owner).decision.outcome !== 'allowed') continue
      const session = hypotheticalSession(owner, role.name, 'hypothetical', call.now, [caller.arn])
      if (session === undefined) continue
      const then = { ...call, caller: session, account: owner }
      const may = ({ access }: Judged) =>
        judge(access, principalOf(session), then).decision.outcome === 'allowed'
      if (questions.every(may)) found.push(arn)
    }
  }
  return found
}
