import type { Technique } from '../authorization/catalogue/index.ts'
import type { Leads } from './leads.ts'
import { leadsByItself } from './lifting.ts'
import type { Said } from './relevance.ts'
import { lowered } from './search-options.ts'
import { wearingServices } from './uses.ts'
import { isListed, type Person, type World } from './world.ts'
import { wearerAction } from './worn-kinds.ts'

/** Principals of one account whose identity policies allow the same actions of techniques on the same resources. */
export interface Group {
  readonly account: string
  readonly members: Person[]
  /** Whether they may add to what something is allowed, make a principal, or lift a limit of another one. */
  isChanging: boolean
  /** Whether their Allows are of use to an attacker at all. */
  readonly mayLead: boolean
  /** Whether one of them may be an administrator. */
  readonly allowsAnything: boolean
}

/** What the identity policies of a group allow, by action. */
export type Grants = Said['grants']

/** In place of a resource whose ARN is of another form than the action takes: any Allow for the action may do. */
export const anyThing = '\n'

/** Where it is noted who leads to what. */
interface Account {
  readonly leads: Leads<Group>
  readonly world: World
  /** Whether only one account is in view. */
  readonly isAlone: boolean
}

/** Notes what a group leads to by one technique, as far as its Allows say. */
export function addLeads(
  { leads, world, isAlone }: Account,
  group: Group,
  technique: Technique,
  grants: Grants,
): void {
  const { effect, needs, target, wornBy, passesTo, trusts, facts } = technique
  const always = (kind: string): void => leads.add(group, kind, '')
  const lead = (kind: string, action: string): void => {
    for (const each of grants)
      for (const head of each.get(lowered(action)) ?? []) leads.add(group, kind, head)
  }
  const first = needs[0]?.action ?? ''
  if (leadsByItself(world, technique, grants)) group.isChanging = true
  else if (effect === 'assumes') lead('assume', 'sts:AssumeRole')
  else if (effect === 'writesTrust') lead(`role ${first}`, first)
  else if (effect === 'federates') always(technique.id === 'open.saml-provider' ? 'saml' : 'oidc')
  else if (effect !== 'becomes') return
  else if (facts.includes('administersStackSets')) lead('pass', 'iam:PassRole')
  else if (target === 'user') lead(`user ${first}`, first)
  else if (wornBy !== undefined) {
    const { inventory } = world
    for (const type of wornBy)
      if (!isListed(inventory, type))
        for (const service of wearingServices[type] ?? [undefined])
          always(service === undefined ? 'wears' : `wears ${service}`)
    if (inventory.things === undefined && isAlone) return
    const action = wearerAction(technique)
    for (const type of wornBy) {
      const kind = `${type} ${action}`
      if (action === '') always(kind)
      else {
        lead(kind, action)
        leads.add(group, kind, anyThing)
      }
    }
  } else if (passesTo === undefined) always('reserved')
  else lead(trusts?.type === 'service' ? `pass ${trusts.name}` : 'pass', 'iam:PassRole')
}
