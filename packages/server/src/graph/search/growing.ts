import type { Shared } from '../relevance/shared.ts'
import type { Change } from '../request/change.ts'
import { type Document, hasDeny, type Principal, type World } from '../world/world.ts'

/**
 * Whether after a change no request of anybody is refused that was allowed before it. Such changes are made
 * at once, in any order. Each other change leads to another state of the account.
 */
export function isGrowing(shared: Shared, change: Change): boolean {
  const { world, neighbours } = shared
  switch (change.is) {
    case 'everything':
    case 'trust':
    case 'unbound':
      return true
    case 'version':
      return change.version === undefined
    case 'boundary':
      return (
        change.policy === undefined && ![...neighbours.all].some(({ reading }) => reading.reads('boundaries'))
      )
    case 'attached':
      return !deniesMore(shared, change.arn, managed(world, change.policy))
    case 'joined':
      return !deniesMore(shared, change.arn, ofGroup(world, change.group))
    case 'left':
      return !ofGroup(world, change.group).some(allows)
    case 'without':
      return ![...managed(world, change.key), ...inlineOf(world, change.arn, change.key)].some(allows)
    case 'tag':
      return false
  }
}

/** Whether documents refuse a principal something that no document refuses which it has already. */
function deniesMore({ world, policySets }: Shared, arn: string, documents: readonly Document[]): boolean {
  const denying = documents.filter(denies)
  const principal = world.users.get(arn) ?? world.roles.get(arn)
  if (denying.length === 0 || principal === undefined) return denying.length > 0
  const own = new Set(policySets.variant(principal, []).identity.map(({ policy }) => policy.text))
  return !denying.every(({ policy }) => own.has(policy.text))
}

/** Whether something is as it was before all changes, once a change is made. */
export function isAsBefore({ policies, users, roles }: World, change: Change): boolean {
  const principal = users.get(change.arn) ?? roles.get(change.arn)
  switch (change.is) {
    case 'version':
      return policies.get(change.arn)?.defaultVersion === change.version
    case 'boundary':
      return principal !== undefined && principal.boundary === change.policy
    case 'tag': {
      const tags = { ...change.also, [change.key]: change.value }
      return (
        principal !== undefined && Object.entries(tags).every(([key, value]) => principal.tags[key] === value)
      )
    }
    case 'joined':
      return principal !== undefined && groupsOf(principal).includes(change.group)
    case 'attached':
      return principal?.attached.includes(change.policy) === true
    case 'left':
      return principal !== undefined && !groupsOf(principal).includes(change.group)
    case 'without':
      return principal !== undefined && !documentKeys(principal).includes(change.key)
    default:
      return false
  }
}

function documentKeys({ attached, inline }: Principal): readonly string[] {
  return [...attached, ...inline.map(({ key }) => key)]
}

function groupsOf(principal: Principal): readonly string[] {
  return principal.type === 'user' ? principal.groups : []
}

/** The documents of a managed policy in all its versions: another one may come into effect. */
function managed({ policies }: World, arn: string): readonly Document[] {
  return [...(policies.get(arn)?.versions.values() ?? [])]
}

function ofGroup(world: World, name: string): readonly Document[] {
  const group = world.groups.get(name)
  if (group === undefined) return []
  return [...group.inline, ...group.attached.flatMap((arn) => managed(world, arn))]
}

function inlineOf({ users, roles, groups }: World, arn: string, key: string): readonly Document[] {
  const owner = users.get(arn) ?? roles.get(arn) ?? [...groups.values()].find((each) => each.arn === arn)
  return owner?.inline.filter((document) => document.key === key) ?? []
}

function denies({ policy }: Document): boolean {
  return hasDeny(policy.text)
}

function allows({ policy }: Document): boolean {
  return policy.statements.some(({ effect }) => effect === 'Allow')
}
