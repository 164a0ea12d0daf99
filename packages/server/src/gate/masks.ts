import type { Budget } from '@omen-iam/policy'
import {
  bindingManagement,
  budgetFor,
  type Call,
  type Dependencies,
  hypotheticalCall,
  hypotheticalSession,
  judge,
  principalOf,
  storedDocument,
} from '../authorization/index.ts'
import { accountInArn, endOfTurn, factsOf, parseAccountId } from '../base/index.ts'
import { type Account, type Role, roleMasks, roles, users } from '../directory/index.ts'
import { distinctTurnsInSteps, type Family, genesOf, maskSvg } from '../masks/index.ts'

/** The features from which a role's mask is drawn. */
export interface RoleMask {
  readonly family: Family
  /** The family that its trust policy alone gives it. */
  readonly trusting: Family
  /** See `genesOf`. */
  readonly turn: number
  /** Whether the role may do everything: its family is hannya then. */
  readonly administrator: boolean
  /** The kinds of principals that its trust policy allows. */
  readonly wearers: readonly TrusteeKind[]
}

/** The permission on a role that shows whether it may do everything (behaviour RSN-20). */
export const seesPower = 'iam:SimulatePrincipalPolicy'

/** A mask as it is shown: who may not simulate the role does not learn from it that it may do everything. */
export function shownMask({ trusting, ...mask }: RoleMask, power: boolean): Omit<RoleMask, 'trusting'> {
  return power ? mask : { ...mask, family: trusting, administrator: false }
}

/** Draws a role's mask for pages that anyone may see: it does not say whether the role may do everything. */
export function drawnMask(deps: Dependencies): (role: Role, account: Account) => Promise<string> {
  return async (role, account) => {
    const mask = (await masksOf(account, deps)).get(role.id)
    if (mask === undefined) return ''
    const { family, turn } = shownMask(mask, false)
    return maskSvg(family, genesOf(role.id, turn), { title: role.name })
  }
}

/** A kind of principal that a trust policy names. */
export type TrusteeKind = 'anyone' | 'otherAccount' | 'federated' | 'account' | 'service'

/** Which face shows which kind of trusted principal. Of several kinds the one from furthest outside counts. */
const faces: readonly (readonly [TrusteeKind, Family])[] = [
  ['anyone', 'oni'],
  ['otherAccount', 'tengu'],
  ['federated', 'hyottoko'],
  ['account', 'kitsune'],
  ['service', 'okame'],
]

const origin = { sourceIp: '127.0.0.1', userAgent: 'omen', host: '', secure: true } as const

/** Actions that together only an administrator has. Each represents a way to power of its own. */
const powers = ({ id, partition }: Account): readonly (readonly [action: string, resource: string])[] => [
  ['iam:CreateUser', `arn:${partition}:iam::${id}:user/any`],
  ['iam:PutRolePolicy', `arn:${partition}:iam::${id}:role/any`],
  ['iam:AttachUserPolicy', `arn:${partition}:iam::${id}:user/any`],
  ['iam:PassRole', `arn:${partition}:iam::${id}:role/any`],
  ['kms:ScheduleKeyDeletion', `arn:${partition}:kms:${factsOf(partition).globalRegion}:${id}:key/any`],
  ['s3:DeleteBucket', `arn:${partition}:s3:::any`],
  ['ec2:TerminateInstances', `arn:${partition}:ec2:${factsOf(partition).globalRegion}:${id}:instance/any`],
  [
    'cloudtrail:StopLogging',
    `arn:${partition}:cloudtrail:${factsOf(partition).globalRegion}:${id}:trail/any`,
  ],
]

/** The number of powers that each role is checked for. */
const powersCount = 8

/** The life of the masks of unchanged policies, in milliseconds: conditions may depend on the time. */
const keptFor = 60_000
/** Roles whose masks are found before other requests have their turn. */
const rolesAtOnce = 50
/** Turns that are sought at once: each compares a mask with up to 500 others, some times over. */
const turnsAtOnce = 20

type Masks = ReadonlyMap<string, RoleMask>

interface KeptMasks {
  readonly revision: number
  readonly management: Account | undefined
  readonly managementRevision: number
  readonly until: number
  /** Everyone who asks meanwhile waits for the same computation. */
  readonly masks: Promise<Masks>
}

const keptMasks = new WeakMap<Account, KeptMasks>()

/**
 * Returns the masks of an account's roles, by role id. Masks that look alike are distinguished by a turn, which is
 * stored with the account, so that a mask never changes when other roles come and go. Masks are computed once for each
 * revision of the policies.
 */
export async function masksOf(account: Account, deps: Dependencies): Promise<Masks> {
  const management = bindingManagement(account, deps.directory)
  const [revision, managementRevision] = [account.policyRevision, management?.policyRevision ?? -1]
  const now = deps.clock.now()
  const known = keptMasks.get(account)
  if (
    known?.revision === revision &&
    known.management === management &&
    known.managementRevision === managementRevision &&
    now >= known.until - keptFor &&
    now < known.until
  )
    return known.masks
  const masks = findMasks(account, deps)
  const kept = { revision, management, managementRevision, until: now + keptFor, masks }
  keptMasks.set(account, kept)
  masks.catch(() => {
    if (keptMasks.get(account) === kept) keptMasks.delete(account)
  })
  return masks
}

async function findMasks(account: Account, deps: Dependencies): Promise<Masks> {
  const all = [...account.table(roles).values()].sort(
    (a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1),
  )
  const budget = budgetFor(all.length * powersCount)
  const faceById = new Map<string, Face>()
  for (const [at, role] of all.entries()) {
    if (at % rolesAtOnce === rolesAtOnce - 1) await endOfTurn()
    faceById.set(role.id, faceOf(role, account, deps, budget))
  }
  const kept = account.table(roleMasks)
  // roles may have gone while others had their turn
  const known = [...faceById].filter(([id]) => account.table(roles).find(id) !== undefined)
  const steps = distinctTurnsInSteps(
    known.map(([id, { family }]) => {
      const turn = kept.find(id)?.turn
      return { id, family, ...(turn === undefined ? {} : { turn }) }
    }),
  )
  let step = steps.next()
  for (let at = 1; step.done !== true; at++) {
    if (at % turnsAtOnce === 0) await endOfTurn()
    step = steps.next()
  }
  const turns = step.value
  for (const [role] of known) {
    const turn = turns.get(role) ?? 0
    const isThere = account.table(roles).find(role) !== undefined
    if (isThere && kept.find(role) === undefined && turn > 0) kept.put({ role, turn })
  }
  if (deps.directory.hasChanges) await deps.directory.commit([])
  return new Map(known.map(([id, face]) => [id, { ...face, turn: turns.get(id) ?? 0 }]))
}

type Face = Omit<RoleMask, 'turn'>

function faceOf(role: Role, account: Account, deps: Dependencies, budget: Budget): Face {
  const trusted = trusteesOf(role, account)
  const administrator = role.linkedService === undefined && isAdministrator(role, account, deps, budget)
  const family = faces.find(([kind]) => trusted.includes(kind))?.[1] ?? 'kitsune'
  return { family: administrator ? 'hannya' : family, trusting: family, administrator, wearers: trusted }
}

/** The kinds of principals that a role's trust policy allows, under any conditions. */
export function trusteesOf(role: Role, account: Account): readonly TrusteeKind[] {
  const kinds = new Set<TrusteeKind>()
  for (const { effect, principal } of storedDocument(role.trust, 'trust')?.statements ?? []) {
    if (effect !== 'Allow' || principal === undefined) continue
    if (principal.negated) kinds.add('anyone')
    else for (const { type, value } of principal.entries) kinds.add(kindOf(type, value, account))
  }
  return faces.map(([kind]) => kind).filter((kind) => kinds.has(kind))
}

/** The other accounts that a role's trust policy names, under whatever conditions. */
export function housesOf(role: Role, account: Account): readonly string[] {
  const houses = new Set<string>()
  for (const { effect, principal } of storedDocument(role.trust, 'trust')?.statements ?? []) {
    if (effect !== 'Allow' || principal === undefined || principal.negated) continue
    for (const { type, value } of principal.entries) {
      const named = type === 'AWS' ? (parseAccountId(value) ?? accountInArn(value)) : undefined
      if (named !== undefined && named !== account.id) houses.add(named)
    }
  }
  return [...houses]
}

function kindOf(type: string, value: string, account: Account): TrusteeKind {
  if (value === '*') return 'anyone'
  if (type === 'Service') return 'service'
  if (type === 'Federated') return 'federated'
  const named = parseAccountId(value) ?? accountInArn(value)
  // trust policies keep users and roles by their unique ids
  const isOwn =
    named === account.id ||
    account.table(users).find(value) !== undefined ||
    account.table(roles).find(value) !== undefined
  return isOwn ? 'account' : 'otherAccount'
}

function isAdministrator(role: Role, account: Account, deps: Dependencies, budget: Budget): boolean {
  const session = hypotheticalSession(account, role.name, 'hypothetical', deps.clock.now())
  if (session === undefined) return false
  const call: Call = hypotheticalCall(session, account, deps, origin)
  const principal = principalOf(session)
  return powers(account).every(
    ([action, resource]) =>
      judge({ action, resource }, principal, call, budget).decision.outcome === 'allowed',
  )
}
