import { type Policy, parsePolicy } from '@omen-iam/policy'
import { managedPolicies } from '../../authorization/catalogue/index.ts'
import type { AccountImage, IdentityImage, Image, OrganizationImage } from '../../intake/index.ts'
import { sameValue } from '../../intake/index.ts'
import { type NewAccess, newAccess } from '../diff/narrow.ts'

/** One change of permissions between two states. */
export interface PermissionChange {
  readonly account: string
  /** Whom it is about: `role/deployer`. */
  readonly who: string
  readonly what:
    | 'created'
    | 'deleted'
    | 'access added'
    | 'access removed'
    | 'may be assumed'
    | 'may no longer be assumed'
    | 'boundary'
    | 'groups'
    | 'organization'
  /** One sentence without its subject. */
  readonly text: string
  /** The policy that it comes from: `inline policy own`. */
  readonly by?: string
  readonly access?: NewAccess
}

type Kind = 'user' | 'group' | 'role'

/** A policy and its origin. */
interface Sourced {
  readonly name: string
  readonly document: string
}

/** The changes of permissions between two states of accounts, for each principal. */
export function permissionChanges(before: Image, after: Image): readonly PermissionChange[] {
  const olds = new Map(before.accounts.map((account) => [account.account, account]))
  const news = new Map(after.accounts.map((account) => [account.account, account]))
  const changes: PermissionChange[] = []
  for (const id of new Set([...olds.keys(), ...news.keys()]))
    changes.push(...accountChanges(olds.get(id), news.get(id)))
  changes.push(...organizationChanges(before.organization, after.organization))
  return changes
}

function accountChanges(
  before: AccountImage | undefined,
  after: AccountImage | undefined,
): readonly PermissionChange[] {
  const account = (after ?? before)?.account ?? ''
  if (before === undefined) return [{ account, who: 'account', what: 'created', text: 'is new' }]
  if (after === undefined) return [{ account, who: 'account', what: 'deleted', text: 'is gone' }]
  const changes: PermissionChange[] = []
  const add = (change: Omit<PermissionChange, 'account'>) => changes.push({ account, ...change })
  for (const [kind, list] of [
    ['user', 'users'],
    ['group', 'groups'],
    ['role', 'roles'],
  ] as const) {
    const olds = new Map<string, IdentityImage>(before[list].map((each) => [each.id ?? each.name, each]))
    const news = new Map<string, IdentityImage>(after[list].map((each) => [each.id ?? each.name, each]))
    for (const key of new Set([...olds.keys(), ...news.keys()])) {
      const [old, now] = [olds.get(key), news.get(key)]
      const who = `${kind}/${(now ?? old)?.name ?? ''}`
      if (old === undefined) add({ who, what: 'created', text: 'is new' })
      if (now === undefined) add({ who, what: 'deleted', text: 'is gone' })
      bearerChanges(kind, who, old, now, before, after, add)
    }
  }
  return changes
}

type Add = (change: Omit<PermissionChange, 'account'>) => void

function bearerChanges(
  kind: Kind,
  who: string,
  old: IdentityImage | undefined,
  now: IdentityImage | undefined,
  before: AccountImage,
  after: AccountImage,
  add: Add,
): void {
  access(sourcesOf(old, before), sourcesOf(now, after), who, add)
  if (kind === 'group') return
  const [oldBoundary, newBoundary] = [boundaryOf(old, before), boundaryOf(now, after)]
  if (old !== undefined && now !== undefined && !sameValue(oldBoundary, newBoundary)) {
    const text =
      newBoundary === undefined ? 'has no permissions boundary any more' : `is limited by ${newBoundary.name}`
    add({ who, what: 'boundary', text })
  }
  if (kind === 'user') groupChanges(who, old, now, add)
  if (kind === 'role') trustChanges(who, trustOf(old), trustOf(now), add)
}

/** Own policies: inline ones, and attached ones with their present documents. */
function sourcesOf(identity: IdentityImage | undefined, account: AccountImage): readonly Sourced[] {
  const inline = (identity?.inline ?? []).map(({ name, document }) => ({
    name: `inline policy ${name}`,
    document,
  }))
  const attached = (identity?.attached ?? []).flatMap((arn) => managed(arn, account) ?? [])
  return [...inline, ...attached]
}

function managed(arn: string, { policies, partition }: AccountImage): Sourced | undefined {
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  const written = arn.includes(':iam::aws:') ? undefined : policies.find((policy) => policy.name === name)
  const document =
    written === undefined
      ? managedPolicies(partition).find(arn)?.document
      : written.versions?.find(({ id }) => id === written.defaultVersion)?.document
  return document === undefined ? undefined : { name: `managed policy ${name}`, document }
}

function boundaryOf(identity: IdentityImage | undefined, account: AccountImage): Sourced | undefined {
  const arn = identity !== undefined && 'boundaryArn' in identity ? identity.boundaryArn : undefined
  return typeof arn === 'string' ? managed(arn, account) : undefined
}

function trustOf(identity: IdentityImage | undefined): string | undefined {
  return identity !== undefined && 'trust' in identity && typeof identity.trust === 'string'
    ? identity.trust
    : undefined
}

/** Compares all policies of one principal as one: access lost from one may come from another. */
function access(old: readonly Sourced[], now: readonly Sourced[], who: string, add: Add): void {
  if (sameValue(old, now)) return
  const [one, other] = [joined(old, 'identity'), joined(now, 'identity')]
  for (const row of newAccess(one.policy, other.policy)) {
    const by = row.kind === 'lifted' ? `what ${one.nameOf(row)} denied` : other.nameOf(row)
    add({ who, what: 'access added', text: 'may now', by, access: row })
  }
  for (const row of newAccess(other.policy, one.policy)) {
    const by = row.kind === 'lifted' ? other.nameOf(row) : one.nameOf(row)
    add({ who, what: 'access removed', text: 'may no longer', by, access: row })
  }
}

function trustChanges(who: string, old: string | undefined, now: string | undefined, add: Add): void {
  if (old === now) return
  const [one, other] = [old, now].map((document) =>
    joined(document === undefined ? [] : [{ name: 'the trust policy', document }], 'trust'),
  ) as [Joined, Joined] // two of two
  for (const row of newAccess(one.policy, other.policy))
    add({ who, what: 'may be assumed', text: 'may now be assumed', by: 'the trust policy', access: row })
  for (const row of newAccess(other.policy, one.policy))
    add({
      who,
      what: 'may no longer be assumed',
      text: 'may no longer be assumed',
      by: 'the trust policy',
      access: row,
    })
}

function groupChanges(
  who: string,
  old: IdentityImage | undefined,
  now: IdentityImage | undefined,
  add: Add,
): void {
  const groupsOf = (user: IdentityImage | undefined): readonly string[] =>
    user !== undefined && 'groups' in user && Array.isArray(user.groups) ? user.groups : []
  const [before, after] = [groupsOf(old), groupsOf(now)]
  for (const group of after.filter((each) => !before.includes(each)))
    add({ who, what: 'groups', text: `joins the group ${group}, and may do what it may` })
  for (const group of before.filter((each) => !after.includes(each)))
    add({ who, what: 'groups', text: `leaves the group ${group}` })
}

function organizationChanges(
  before: OrganizationImage | undefined,
  after: OrganizationImage | undefined,
): readonly PermissionChange[] {
  if (sameValue(before, after)) return []
  const account = (after ?? before)?.managementAccount ?? ''
  const attached = (organization: OrganizationImage | undefined) =>
    new Map(
      (organization?.attachments ?? []).map(({ policyId, target }) => {
        const policy = organization?.policies.find(({ id }) => id === policyId)
        return [`${policyId} ${target}`, { name: policy?.name ?? policyId, target, content: policy?.content }]
      }),
    )
  const [olds, news] = [attached(before), attached(after)]
  const changes: PermissionChange[] = []
  const add = (text: string) => changes.push({ account, who: 'organization', what: 'organization', text })
  for (const [key, { name, target, content }] of news) {
    const old = olds.get(key)
    if (old === undefined) add(`${name} now binds ${target}`)
    else if (old.content !== content) add(`${name}, which binds ${target}, is another`)
  }
  for (const [key, { name, target }] of olds) if (!news.has(key)) add(`${name} no longer binds ${target}`)
  return changes
}

interface Joined {
  readonly policy: Policy
  /** The policy that a row's statement is from. */
  nameOf(row: NewAccess): string
}

/** Several policies as one, whose statements remember their origin. */
function joined(sources: readonly Sourced[], kind: 'identity' | 'trust'): Joined {
  const statements: Policy['statements'][number][] = []
  const names: string[] = []
  for (const { name, document } of sources) {
    const parsed = parsePolicy(document, kind, { lenient: true })
    if (!parsed.ok) continue
    for (const statement of parsed.policy.statements) {
      statements.push({ ...statement, index: statements.length })
      names.push(statement.sid ? `${name}, Sid ${statement.sid}` : name)
    }
  }
  return {
    policy: { kind, version: '2012-10-17', statements, text: '' },
    nameOf: ({ statement }) => names[statement.index] ?? '',
  }
}
