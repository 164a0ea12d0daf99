import type { Lent } from '../world/lent.ts'
import type { Role, World } from '../world/world.ts'

/** A role that a holder may put on, and what its sessions are like. */
export interface Loan extends Pick<Lent, 'tags' | 'source' | 'limit'> {
  /** The ARN. */
  readonly role: string
}

/** A person or a machine that gets roles without being a principal of IAM. [GRD-660] */
export interface Holder {
  readonly is: 'lent'
  /** The name: `center/alice`; of what an account has for itself, behind its number if several are in view. */
  readonly arn: string
  readonly title: string
  readonly loans: readonly Loan[]
}

/** The most holders that lists of who can become a principal have; any other one is found by its name. */
const mostListed = 200

interface Entry {
  readonly lent: Lent
  readonly world: World
}

/** Every holder of the accounts in view, by its name. */
function entriesOf(worlds: readonly World[]): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>()
  for (const world of worlds)
    for (const lent of world.inventory.lent ?? []) {
      const name = nameOf(lent, world, worlds)
      const known = found.get(name)?.lent
      found.set(name, {
        world,
        lent: known === undefined ? lent : { ...lent, roles: [...known.roles, ...lent.roles] },
      })
    }
  return found
}

function nameOf({ to }: Lent, { account }: World, worlds: readonly World[]): string {
  return worlds.length === 1 || to.startsWith('center/') ? to : `${account}/${to}`
}

/**
 * The holders of the accounts in view, each set of roles once: those with roles of their own, and those who have several
 * by groups. [GRD-661]
 */
export function holdersOf(worlds: readonly World[]): readonly Holder[] {
  const entries = entriesOf(worlds)
  const alike = new Map<string, [Holder, ...Holder[]]>()
  for (const [name, { lent }] of entries) {
    if (lent.roles.length === 0 && lent.groups.length < 2) continue
    const holder = holderOf(name, lent, entries)
    if (holder.loans.length === 0) continue
    const key = JSON.stringify([holder.loans])
    const known = alike.get(key)
    if (known === undefined) alike.set(key, [holder])
    else known.push(holder)
  }
  return [...alike.values()]
    .slice(0, mostListed)
    .map(([first, ...others]) =>
      others.length === 0 ? first : { ...first, title: `${first.title}, and ${others.length} alike` },
    )
}

/** The holder of a name, with or without its account; undefined if it has no roles in view. */
export function findHolder(worlds: readonly World[], name: string): Holder | undefined {
  if (partsOf(name) === undefined) return undefined
  const entries = entriesOf(worlds)
  const wanted = name.toLowerCase()
  for (const [full, { lent }] of entries) {
    const isNamed = [full, lent.to].some((each) => each.toLowerCase() === wanted)
    const holder = isNamed ? holderOf(full, lent, entries) : undefined
    if (holder !== undefined && holder.loans.length > 0) return holder
  }
  return undefined
}

/** A loan of a role: the account that has it, who is lent it, and by which group. */
export interface Lending {
  readonly account: string
  /** The name in the account's inventory. */
  readonly holder: string
  readonly inGroup?: string
}

/** The loans by which a holder of this name has a role. */
export function* lendersOf(worlds: readonly World[], name: string, role: string): Generator<Lending> {
  if (partsOf(name) === undefined) return
  for (const world of worlds) {
    const { account } = world
    const all = world.inventory.lent ?? []
    for (const lent of all) {
      if (nameOf(lent, world, worlds) !== name) continue
      if (lent.roles.includes(role)) yield { account, holder: lent.to }
      for (const inGroup of lent.groups)
        if (all.some(({ to, roles }) => to === `center/group/${inGroup}` && roles.includes(role)))
          yield { account, holder: lent.to, inGroup }
    }
  }
}

function holderOf(arn: string, lent: Lent, entries: ReadonlyMap<string, Entry>): Holder {
  const roles = new Set(lent.roles)
  for (const group of lent.groups)
    for (const role of entries.get(`center/group/${group}`)?.lent.roles ?? []) roles.add(role)
  const { tags, source, limit } = lent
  return {
    is: 'lent',
    arn,
    title: titleOf(arn),
    loans: [...roles].sort().map((role) => ({ role, tags, source, limit })),
  }
}

/** The parts of a holder's name: the account, if several are in view, the kind, and what is left. */
function partsOf(name: string) {
  const [, account, kind, rest = ''] =
    /^(?:(\d{12})\/)?(center|pod|pool|guest|certificate)\/(.*)$/s.exec(name) ?? []
  return kind === undefined ? undefined : { account, kind, rest }
}

function titleOf(name: string): string {
  const { account, kind, rest } = partsOf(name) ?? { kind: '', rest: name }
  const where = account === undefined ? '' : `, in account ${account}`
  switch (kind) {
    case 'center':
      return rest.startsWith('group/')
        ? `the group ${rest.slice('group/'.length)} of IAM Identity Center`
        : `${rest} of IAM Identity Center`
    case 'pod': {
      const [cluster = '', namespace = '', serviceAccount = ''] = rest.split('/')
      return `pods of ${namespace}/${serviceAccount} in the cluster ${cluster}${where}`
    }
    case 'pool':
      return `users of the identity pool ${rest}${where}`
    case 'guest':
      return `guests of the identity pool ${rest}${where}`
    default:
      return `certificates, by the profile ${rest} of IAM Roles Anywhere${where}`
  }
}

/** By whom a role is assumed for a holder: a service, or an identity provider with what it says of the holder. */
export type Vouching =
  | { readonly service: string }
  | { readonly provider: string; readonly claims: Readonly<Record<string, string>> }

/** Undefined if the role is not one that the holder's kind can be given. [GRD-662] */
export function vouchingFor({ arn }: Holder, role: Role): Vouching | undefined {
  const { kind, rest } = partsOf(arn) ?? { kind: '', rest: arn }
  if (kind === 'pod') return { service: 'pods.eks.amazonaws.com' }
  if (kind === 'certificate') return { service: 'rolesanywhere.amazonaws.com' }
  if (kind !== 'center') {
    const amr = kind === 'guest' ? 'unauthenticated' : 'authenticated'
    return { provider: 'cognito-identity.amazonaws.com', claims: { aud: rest, amr } }
  }
  const provider = role.trust?.policy.statements
    .flatMap(({ principal }) => principal?.entries ?? [])
    .find(({ type, value }) => type === 'Federated' && /:saml-provider\/AWSSSO_/.test(value))?.value
  // a role of the account's own, by the account access manager [SSO-189]
  if (provider === undefined) return trustsAccess(role) ? { service: accessManager } : undefined
  const isGroup = rest.startsWith('group/')
  return { provider, claims: isGroup ? {} : { 'saml:sub': rest } }
}

/** The service of the account access manager. */
export const accessManager = 'account-access.amazonaws.com'

function trustsAccess({ trust }: Role): boolean {
  const statements = trust?.policy.statements ?? []
  return statements.some(
    ({ principal }) =>
      principal?.entries.some(({ type, value }) => type === 'Service' && value === accessManager) === true,
  )
}
