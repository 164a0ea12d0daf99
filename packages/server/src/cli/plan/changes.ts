import { evaluate, type Policy } from '@omen-iam/policy'
import { type NewAccess, newAccess } from '../diff/narrow.ts'
import { contextOf, type Holder, nothing, principalOf, type World } from './world.ts'

/** The changes of a plan for one user, group, role or resource. */
export interface AccessChange {
  readonly kind: Holder['kind'] | 'resource' | 'trust'
  readonly arn: string
  readonly state: 'made' | 'changed' | 'removed'
  readonly added: readonly NewAccess[]
  readonly removed: readonly NewAccess[]
  /** New access that the permissions boundary does not allow. */
  readonly limited: readonly NewAccess[]
  /** New access of which nobody can say whether the boundary allows it: no file has the boundary (behaviour TPL-151). */
  readonly undecided: readonly NewAccess[]
}

/**
 * The changes and whom they concern. Groups are left out if their users are named: the users' changes include theirs.
 */
export function accessChanges(before: World, after: World): readonly AccessChange[] {
  const changes: AccessChange[] = []
  for (const key of new Set([...before.holders.keys(), ...after.holders.keys()])) {
    const old = before.holders.get(key)
    const now = after.holders.get(key)
    const { kind = 'role', arn = key, account } = now ?? old ?? {}
    if (old?.key !== now?.key) {
      const { added, limited, undecided } = effective(
        newAccess(old?.identity ?? nothing('identity'), now?.identity ?? nothing('identity'), account),
        now,
        after,
      )
      const { added: removed } = effective(
        newAccess(now?.identity ?? nothing('identity'), old?.identity ?? nothing('identity'), account),
        old,
        before,
      )
      const bounded = boundaryChanges(old, now, before, after)
      push({
        kind,
        arn,
        state: stateOf(old, now),
        added: [...added, ...bounded.added],
        removed: [...removed, ...bounded.removed],
        limited,
        undecided,
      })
    }
    // a role whose trust policy is not known keeps it, as far as anybody can say
    const isTrustKnown =
      [old, now].every((each) => each === undefined || !each.isPart) &&
      (now === undefined || kind !== 'role' || now.trust !== undefined)
    if (old?.trustKey !== now?.trustKey && isTrustKnown)
      push({ kind: 'trust', arn, state: stateOf(old, now), ...rows(old?.trust, now?.trust, 'trust', arn) })
  }
  for (const arn of new Set([...before.resources.keys(), ...after.resources.keys()])) {
    const old = before.resources.get(arn)
    const now = after.resources.get(arn)
    if (old?.policy.text !== now?.policy.text)
      push({
        kind: 'resource',
        arn,
        state: stateOf(old, now),
        ...rows(old?.policy, now?.policy, 'resource', arn),
      })
  }
  return changes

  function push(change: AccessChange): void {
    const { added, removed, limited, undecided } = change
    if ([added, removed, limited, undecided].some((rows) => rows.length > 0)) changes.push(change)
  }
}

function stateOf(old: object | undefined, now: object | undefined): AccessChange['state'] {
  // a file that only adds to something does not make it
  const [only] = [old, now].filter((each) => each !== undefined)
  if ((old === undefined || now === undefined) && only !== undefined && 'isPart' in only && only.isPart)
    return 'changed'
  return old === undefined ? 'made' : now === undefined ? 'removed' : 'changed'
}

function rows(old: Policy | undefined, now: Policy | undefined, kind: Policy['kind'], arn: string) {
  const [from, to] = [old ?? nothing(kind), now ?? nothing(kind)]
  const account = /^\d{12}$/.exec(arn.split(':')[4] ?? '')?.[0]
  return {
    added: newAccess(from, to, account).map((row) => onResource(row, arn)),
    removed: newAccess(to, from, account).map((row) => onResource(row, arn)),
    limited: [],
    undecided: [],
  }
}

/** A row of a policy whose statements name no resource is about the policy's owner. */
function onResource(row: NewAccess, arn: string): NewAccess {
  const { example, resources } = row
  return example === undefined || resources !== undefined
    ? row
    : { ...row, example: { ...example, resource: arn } }
}

/** The rows that a boundary allows, the others, and those of which nobody can say. */
function effective(all: readonly NewAccess[], holder: Holder | undefined, world: World) {
  if (holder?.boundary === undefined || holder.kind === 'group')
    return { added: all, limited: [], undecided: [] }
  if (holder.isBoundaryUnknown) return { added: [], limited: [], undecided: all }
  const limited = all.filter((row) => isLimited(row, holder, world))
  return { added: all.filter((row) => !limited.includes(row)), limited, undecided: [] }
}

function isLimited({ example }: NewAccess, holder: Holder, world: World): boolean {
  if (example === undefined) return false
  const principal = principalOf(holder)
  const { action, resource } = example
  const keys = Object.fromEntries(
    [...example.context.entries()].map(([key, value]) => [key, [value].flat().map(String)]),
  )
  const request = { principal, action, resource, context: contextOf(principal, keys) }
  const decision = evaluate(request, world.compiled(holder))
  return decision.outcome === 'implicitDeny' && decision.layer === 'boundary'
}

/** The access that a changed boundary newly allows, or no longer allows, of what both identities allow. */
function boundaryChanges(old: Holder | undefined, now: Holder | undefined, before: World, after: World) {
  const none = { added: [], removed: [] }
  if (old === undefined || now === undefined || old.boundary?.text === now.boundary?.text) return none
  if (old.isBoundaryUnknown || now.isBoundaryUnknown) return none
  const [from, to] = [old.boundary ?? everything, now.boundary ?? everything]
  const passes = (row: NewAccess, holder: Holder, world: World) => {
    // a boundary gives nothing by itself
    if (row.example === undefined) return holder.identity.statements.some(({ effect }) => effect === 'Allow')
    const principal = principalOf(holder)
    const { action, resource } = row.example
    return (
      evaluate({ principal, action, resource, context: contextOf(principal, {}) }, world.compiled(holder))
        .outcome === 'allowed'
    )
  }
  return {
    added: newAccess(from, to, now.account).filter((row) => passes(row, now, after)),
    removed: newAccess(to, from, old.account).filter((row) => passes(row, old, before)),
  }
}

const position = { offset: 0, line: 1, column: 1 }
const span = { start: position, end: position }
const all = { negated: false, values: [{ value: '*', span }], span }
/** The policy of a principal without a boundary. */
const everything: Policy = {
  kind: 'boundary',
  version: '2012-10-17',
  statements: [{ index: 0, effect: 'Allow', action: all, resource: all, condition: [], span }],
  text: '',
}
