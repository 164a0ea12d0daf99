import type { Dependencies } from '../authorization/index.ts'
import {
  type AccountId,
  accountInArn,
  accountOfId,
  endOfTurn,
  isOfPeople,
  parseAccountId,
  peopleBeside,
} from '../base/index.ts'
import {
  type Account,
  type AccountSettings,
  accountAliases,
  findByArn,
  findRole,
  poolOwners,
  StaleAccount,
  settings,
  users,
} from '../directory/index.ts'
import { type AccountImage, emptyAccount, type Image } from '../image/index.ts'
import { newLineage } from '../store/index.ts'
import { compareCenter, hasCenter, ReservedRoles } from './compare/center.ts'
import {
  compareDevice,
  compareKey,
  compareLoginProfile,
  comparePasswordPolicy,
} from './compare/credentials.ts'
import { accountsNamed } from './compare/documents.ts'
import { assignIds, compareGroup, compareRole, compareUser } from './compare/identities.ts'
import { compareAnchor, compareCertificateProfile, comparePod, comparePool } from './compare/lenders.ts'
import { compareOrganization } from './compare/organization.ts'
import { AccountPlan } from './compare/plan.ts'
import { comparePolicy, compareProfile } from './compare/policies.ts'
import { compareOidc, compareResourcePolicy, compareSaml } from './compare/providers.ts'
import type { Comparison } from './comparison.ts'
import { type AccountHead, type ImageSource, sourceOf } from './image-source.ts'
import { IntakeProblem } from './problem.ts'

/** Things that are compared before others have their turn: a few milliseconds. */
const atOnce = 32

/**
 * Compares an image with a server. Nothing is changed. @throws IntakeProblem if the server has something that
 * contradicts the image
 */
export async function compareImage(image: Image | ImageSource, deps: Dependencies): Promise<Comparison> {
  return (await build(sourceOf(image), deps)).comparison
}

/**
 * Creates and changes in a server what an image contains: everything in one durable commit, or nothing. What the image
 * does not mention stays. @throws IntakeProblem as `compareImage`; StoreUnavailable if it cannot be stored
 */
export async function applyImage(image: Image | ImageSource, deps: Dependencies): Promise<Comparison> {
  const { directory } = deps
  for (let attempt = 1; ; attempt++) {
    const { comparison, plans, lineages } = await build(sourceOf(image), deps)
    // others may have changed an account meanwhile: then the comparison is made again
    if (plans.some(({ before, id }, index) => isStale(before, id, lineages[index], deps))) continue
    try {
      for (const plan of plans) write(plan, deps)
    } catch (error) {
      directory.rollBack()
      throw error
    }
    try {
      await directory.commit([])
    } catch (error) {
      if (error instanceof StaleAccount && attempt < attempts) continue
      throw error
    }
    // so that the next caller does not wait
    if (comparison.newAccounts.length <= loadedAtOnce)
      for (const id of comparison.newAccounts) await directory.find(id)
    for (const { id, before } of plans) if (before === undefined && isOfPeople(id)) await directory.find(id)
    return comparison
  }
}

/** How often an import is built again because an account was created meanwhile. */
const attempts = 5
/** So many new accounts are loaded right away; more would fill the memory with what nobody has asked for. */
const loadedAtOnce = 16

function isStale(
  before: Account | undefined,
  id: AccountId,
  lineage: Account['lineage'],
  { directory }: Dependencies,
): boolean {
  const now = directory.loaded(id)
  return now !== before || (before !== undefined && before.lineage !== lineage)
}

interface Built {
  readonly comparison: Comparison
  readonly plans: readonly AccountPlan[]
  /** The states of the accounts that the plans were built on. */
  readonly lineages: readonly Account['lineage'][]
}

async function build(image: ImageSource, deps: Dependencies): Promise<Built> {
  const heads = withMembers(image, deps)
  const present = new Set(image.accounts.map(({ account }) => account))
  const open = async ({ account, partition, at }: AccountHead): Promise<AccountImage> =>
    present.has(account) ? image.open(account) : emptyAccount(account, partition, at)
  const now = deps.clock.now()
  const plans: AccountPlan[] = []
  for (const each of heads) {
    if (each.partition !== deps.partition)
      throw new IntakeProblem(
        each.at,
        `account ${each.account} is of partition ${each.partition}, this house of ${deps.partition}`,
      )
    plans.push(new AccountPlan(deps, each, await deps.directory.find(each.account), now))
  }
  const lineages = plans.map(({ before }) => before?.lineage)
  const pace = new Pace()
  // accounts are read twice, one after the other: a trust policy may name a role of any of them
  const named = new Set<string>()
  const reserved = new ReservedRoles()
  const besides: AccountPlan[] = []
  for (const [index, plan] of plans.entries()) {
    const accountImage = await open(heads[index]!) // a plan a head
    assignIds(plan, accountImage)
    reserved.note(plan, accountImage.roles)
    for (const { trust = '' } of accountImage.roles) for (const each of accountsNamed(trust)) named.add(each)
    await endOfTurn()
  }
  for (const plan of plans) if (!named.has(plan.id)) plan.principals.clear()
  const idOf = await principalFinder(named, plans, deps)
  for (const [index, plan] of plans.entries()) {
    const accountImage = await open(heads[index]!) // as above
    const organization = image.organization
    for (const { path = '/', name } of accountImage.policies)
      plan.policyArns.add(plan.arn('policy', path, name))
    compareAccount(plan, accountImage, image.organization?.managementAccount)
    const steps: (readonly [readonly unknown[], (thing: never) => void])[] = [
      [accountImage.policies, (thing) => comparePolicy(plan, thing)],
      [accountImage.groups, (thing) => compareGroup(plan, thing)],
      [accountImage.users, (thing) => compareUser(plan, thing)],
      [accountImage.roles, (thing) => compareRole(plan, thing, (arn) => idOf(arn, plan.id))],
      [accountImage.instanceProfiles, (thing) => compareProfile(plan, thing)],
      [accountImage.oidcProviders, (thing) => compareOidc(plan, thing)],
      [accountImage.samlProviders, (thing) => compareSaml(plan, thing)],
      [accountImage.accessKeys, (thing) => compareKey(plan, thing)],
      [accountImage.loginProfiles, (thing) => compareLoginProfile(plan, thing)],
      [accountImage.mfaDevices, (thing) => compareDevice(plan, thing)],
      [accountImage.resourcePolicies, (thing) => compareResourcePolicy(plan, thing)],
      [accountImage.podAssociations, (thing) => comparePod(plan, thing)],
      [accountImage.identityPools, (thing) => comparePool(plan, thing)],
      [accountImage.trustAnchors, (thing) => compareAnchor(plan, thing)],
      [accountImage.certificateProfiles, (thing) => compareCertificateProfile(plan, thing)],
    ]
    for (const [things, compare] of steps)
      for (const thing of things) {
        compare(thing as never) // each list with its own function
        await pace.next()
      }
    if (accountImage.passwordPolicy !== undefined) comparePasswordPolicy(plan, accountImage.passwordPolicy)
    if (organization?.managementAccount === plan.id) compareOrganization(plan, organization)
    if (hasCenter(accountImage)) {
      const people = await peoplePlan(plan, heads[index]!, deps) // as above
      const steps = compareCenter(
        plan,
        accountImage,
        reserved,
        organization?.managementAccount === plan.id,
        people,
      )
      for (const _ of steps) {
        const turn = pace.next()
        if (turn !== undefined) await turn
      }
      people.finish()
      if (people.writes.length + people.packed.length > 0) besides.push(people)
    }
    checkCounts(plan, accountImage)
    plan.finish()
  }
  return {
    plans: [...plans, ...besides],
    lineages: [...lineages, ...besides.map(({ before }) => before?.lineage)],
    comparison: {
      newAccounts: plans.filter(({ before }) => before === undefined).map(({ id }) => id),
      things: plans.flatMap(({ things }) => things),
      notTaken: [...image.notTaken, ...plans.flatMap(({ notTaken }) => notTaken)],
      findings: [...image.findings, ...plans.flatMap(({ findings }) => findings)],
    },
  }
}

/** The plan of the people beside an account, in which its directory is kept (behaviour SSO-130). */
async function peoplePlan(plan: AccountPlan, head: AccountHead, deps: Dependencies): Promise<AccountPlan> {
  const id = peopleBeside(plan.id)
  return new AccountPlan(deps, { ...head, account: id }, await deps.directory.find(id), plan.now)
}

/** Lets others have their turn while much is compared. */
class Pace {
  #count = 0

  next(): Promise<void> | undefined {
    return ++this.#count % atOnce === 0 ? endOfTurn() : undefined
  }
}

/** The accounts of an image, with members of the organization of which nothing else is known. */
function withMembers({ accounts, organization }: ImageSource, deps: Dependencies): readonly AccountHead[] {
  if (organization === undefined) return accounts
  const listed = new Set(accounts.map(({ account }) => account))
  const all: AccountHead[] = [...accounts]
  const members = [{ at: organization.at, account: organization.managementAccount }, ...organization.accounts]
  for (const { account, at } of members) {
    if (listed.has(account)) continue
    listed.add(account)
    all.push({ account, partition: deps.partition, at })
  }
  return all
}

/** Finds the id of an ARN's user or role, in the image and in the server. */
async function principalFinder(
  named: ReadonlySet<string>,
  plans: readonly AccountPlan[],
  deps: Dependencies,
): Promise<(arn: string, from: AccountId) => string | null | undefined> {
  const planned = new Map(plans.map((plan) => [plan.id, plan]))
  const others = new Map<AccountId, Account | undefined>()
  for (const text of named) {
    const id = parseAccountId(text)
    if (id === undefined || planned.has(id) || others.has(id)) continue
    others.set(id, await deps.directory.find(id))
  }
  return (arn, from) => {
    const id = accountInArn(arn)
    const plan = id && planned.get(id)
    if (plan !== undefined) {
      const bound = plan.principals.get(arn)
      return bound === undefined || plan.isBindable(bound, id === from) ? bound : null
    }
    const account = id && others.get(id)
    if (account === undefined) return null
    const identity = (findByArn(account, users, 'user', arn) ?? findRole(account, arn))?.id
    return identity === undefined || accountOfId(identity) === id ? identity : null
  }
}

function compareAccount(plan: AccountPlan, image: AccountImage, management: AccountId | undefined): void {
  const { before, id, now } = plan
  const kept = before?.settings
  const base: AccountSettings = kept ?? {
    id: 'settings',
    name: image.name ?? `account-${id}`,
    email: image.email ?? `root@${id}.example.com`,
    createdAt: image.createdAt ?? now,
  }
  const { alias: _, ...rest } = base
  const alias = image.alias === undefined ? base.alias : (image.alias ?? undefined)
  const changes: string[] = []
  if (base.alias !== alias) changes.push('alias')
  const managementAccount = management ?? base.managementAccount
  if (base.managementAccount !== undefined && managementAccount !== base.managementAccount)
    throw new IntakeProblem(
      image.at,
      `account ${id} is in the organization of ${base.managementAccount} in this server`,
    )
  if (managementAccount !== base.managementAccount) changes.push('organization')
  const record: AccountSettings = {
    ...rest,
    ...(alias === undefined ? {} : { alias }),
    ...(managementAccount === undefined ? {} : { managementAccount }),
  }
  if (kept === undefined) plan.record('made', 'account', id, image.at)
  else if (changes.length > 0) plan.record('changed', 'account', id, image.at, changes)
  plan.alias = alias
  if (kept === undefined || changes.length > 0) plan.put(settings, record)
}

/** Findings for an account that exceeds AWS's quotas. */
function checkCounts(plan: AccountPlan, image: AccountImage): void {
  const counts = [
    ['UsersPerAccount', image.users],
    ['GroupsPerAccount', image.groups],
    ['RolesPerAccount', image.roles],
    ['PoliciesPerAccount', image.policies],
    ['InstanceProfilesPerAccount', image.instanceProfiles],
  ] as const
  for (const [quota, things] of counts) plan.checkQuota(quota, things.length, image.at, `account ${plan.id}`)
}

/** Changes the account in memory, as one call's changes; a new one goes to the store without being kept in memory. */
function write(plan: AccountPlan, deps: Dependencies): void {
  const { directory, firstAccount } = deps
  const { before: account } = plan
  const alias = aliasOf(account)
  if (account === undefined)
    directory.add({
      account: plan.id,
      base: undefined,
      next: newLineage(),
      changes: [],
      packed: plan.packed,
    })
  else
    for (const each of plan.writes) {
      const table = account.table(each.table)
      if ('removed' in each) table.delete(each.removed)
      else table.put(each.record)
    }
  const first = directory.loaded(firstAccount)
  // the ids of pools of AWS do not say whose they are (behaviour COG-39)
  for (const pool of plan.pools) first?.table(poolOwners).put({ pool, account: plan.id })
  const now = account === undefined ? plan.alias : aliasOf(account)
  if (now === alias) return
  const registry = first?.table(accountAliases)
  if (alias !== undefined) registry?.delete(alias)
  if (now !== undefined) registry?.put({ alias: now, account: plan.id })
}

/** The alias of an account; people beside one have no settings. */
function aliasOf(account: Account | undefined): string | undefined {
  return account === undefined || isOfPeople(account.id) ? undefined : account.settings.alias
}
