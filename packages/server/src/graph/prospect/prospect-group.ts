import type { Technique } from '../../authorization/catalogue/index.ts'
import { isOfFurtherRole } from '../proof/further-role.ts'
import type { Said } from '../relevance/relevance.ts'
import { isOfAnyUser, lowered } from '../relevance/search-options.ts'
import type { Shared } from '../relevance/shared.ts'
import { requirementsOf } from '../request/binding.ts'
import { dependsOnNames } from '../request/new-name.ts'
import { isChanging } from '../use/change-uses.ts'
import { hasUnknownWorkloads } from '../world/unknown-workload.ts'
import { isListed, type Principal } from '../world/world.ts'
import type { Leads } from './leads.ts'
import { leadsByItself } from './lifting.ts'
import { workloadAction } from './workload-kinds.ts'

/** Principals of one account whose identity policies allow the same actions of techniques on the same resources. */
export interface Group {
  readonly account: string
  readonly members: Principal[]
  /** Whether they may add to what something is allowed, make a principal, or lift a limit of another one. */
  isChanging: boolean
  /** Whether they may change tags of resources, which counts where policies read such tags. */
  readonly retags: boolean
  /** Whether their Allows are of use to an attacker at all. */
  readonly mayLead: boolean
  /** Whether one of them may be an administrator. */
  readonly allowsAnything: boolean
  /** If it is what the members begin and others must end: the group itself, and the calls of others with what it is allowed of them. */
  readonly begins?: { readonly whole: Group; readonly calls: ReadonlyMap<string, readonly string[]> }
}

/** The Allows of a group's identity policies, by action. */
export type Grants = Said['grants']

/** In place of a resource whose ARN is of another form than the action takes: any Allow for the action may do. */
export const anyResource = '\n'

/** Where it is noted who leads to what. */
interface Account {
  readonly leads: Pick<Leads<Group>, 'add'>
  readonly shared: Shared
  /** Whether only one account is in view. */
  readonly isAlone: boolean
}

/** Leads to what a group may change, beside those to what it may hold. */
export type LeadKind =
  /** Something that it may change: by the ARNs of principals, groups and policies. */
  | 'change'
  /** Any user, which it may put into a group. */
  | 'join'
  /** A name that it may give to something new. */
  | 'make'
  /** Anything at all. */
  | 'any change'
  /** Any role of the service of clusters. */
  | 'further role'

/** Notes what a group may change or make, and which roles count for it besides those that it leads to. */
export function addChanges(
  { leads, shared: { table } }: Pick<Account, 'leads' | 'shared'>,
  group: Group,
  usable: readonly Technique[],
  grants: Grants,
): void {
  const always = (kind: LeadKind): void => leads.add(group, kind, '')
  const making = new Set<string>()
  const changing = new Set<string>()
  for (const technique of usable) {
    const { effect, facts, ways } = technique
    const all = [...facts, ...ways.flatMap((way) => way.facts)]
    if (all.some((fact) => isOfFurtherRole(table, fact))) always('further role')
    if (dependsOnNames(technique)) for (const { action } of requirementsOf(technique)) making.add(action)
    if (effect === 'makesUser' || effect === 'makesRole') always('any change')
    if (!isChanging(technique)) continue
    always('any change')
    if (isOfAnyUser(technique)) always('join')
    if (effect === 'joinsGroup') continue
    if (effect === 'writesPermissionSet' || effect === 'leavesOrganization') leads.add(group, 'change', '')
    else for (const { action } of requirementsOf(technique)) changing.add(action)
  }
  const lead = (kind: LeadKind, actions: Iterable<string>): void => {
    for (const action of actions)
      for (const each of grants)
        for (const head of each.get(lowered(action)) ?? []) leads.add(group, kind, head)
  }
  lead('make', making)
  lead('change', changing)
}

/** Notes what a group leads to by one technique, as far as its Allows say. */
export function addLeads(
  { leads, shared, isAlone }: Account,
  group: Group,
  technique: Technique,
  grants: Grants,
): void {
  const { effect, needs, target, workloads, passesTo, trusts } = technique
  const { world, table } = shared
  const always = (kind: string): void => leads.add(group, kind, '')
  const lead = (kind: string, action: string): void => {
    for (const each of grants)
      for (const head of each.get(lowered(action)) ?? []) leads.add(group, kind, head)
  }
  const first = needs[0]?.action ?? ''
  if (leadsByItself(shared, technique, grants)) group.isChanging = true
  else if (effect === 'assumes') lead('assume', 'sts:AssumeRole')
  else if (effect === 'writesTrust') lead(`role ${first}`, first)
  else if (effect === 'federates') always(technique.id === 'open.saml-provider' ? 'saml' : 'oidc')
  else if (effect !== 'becomes') return
  else if (target === 'user') lead(`user ${first}`, first)
  else if (workloads !== undefined) {
    const { inventory } = world
    for (const type of workloads)
      if (!isListed(inventory, type) || hasUnknownWorkloads(inventory))
        for (const service of table.resources[type]?.services ?? [undefined])
          always(service === undefined ? 'runs as' : `runs as ${service}`)
    if (inventory.resources === undefined && isAlone) return
    const action = workloadAction(technique)
    for (const type of workloads) {
      const kind = `${type} ${action}`
      if (action === '') always(kind)
      else {
        lead(kind, action)
        leads.add(group, kind, anyResource)
      }
    }
  } else if (passesTo === undefined) always(trusts === undefined ? 'reserved' : `given ${trusts.name}`)
  else lead(trusts?.type === 'service' ? `pass ${trusts.name}` : 'pass', 'iam:PassRole')
}
