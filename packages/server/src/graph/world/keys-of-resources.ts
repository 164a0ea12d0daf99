import type { ContextInput } from '@omen-iam/policy'
import { type KeyUse, keysUsedBy, type TechniqueNeed } from '../../authorization/catalogue/index.ts'
import { carrierOf, isKey } from './resource-policy.ts'
import { accountsIn, type Inventory, type Resource, resourcesByArn, type World } from './world.ts'

/** A question that a call asks beside its own: about the key of AWS KMS under which its resource is. */
export interface KeyAsked {
  readonly action: string
  readonly key: string
  /** The condition keys of the request to AWS KMS that the call itself does not have. */
  readonly context: Readonly<Record<string, ContextInput>>
}

/** Keys that AWS manages: everyone of the account may use them through their service. */
const managed = /(?:^|:)alias\/aws\//

/**
 * The questions about the key of a resource that a call on it asks whatever it names, by the table that the guard asks
 * by. The inventory has the key in `kmsKey`: its ARN, or null if the resource is under none.
 */
export function keysAsked(world: World, action: string, resource: string): readonly KeyAsked[] {
  const actions = actionsOf(action, 'always')
  const key = actions.length === 0 ? undefined : keyOf(world, resource)
  if (typeof key !== 'string' || managed.test(key)) return []
  return actions.map((each) => ({ action: each, key, context: keyContext(world, action, key) }))
}

/** Whether another call of a plan on the same resource can put it under another key, or under none. */
export function mayChooseKey(needs: readonly TechniqueNeed[], { on }: TechniqueNeed): boolean {
  return needs.some(
    (each) => each.on.is === on.is && keysUsedBy(each.action).some(({ keyOf }) => keyOf === 'input'),
  )
}

/** The condition keys of a request to AWS KMS that a service makes for a caller. */
export function keyContext(
  { partition, account }: Pick<World, 'partition' | 'account'>,
  action: string,
  key: string,
): Readonly<Record<string, ContextInput>> {
  const [, , , region = ''] = key.split(':')
  const [prefix = ''] = action.toLowerCase().split(':')
  const service = `${prefix}.amazonaws.com`
  return {
    'kms:ViaService': `${prefix}.${region}.${partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}`,
    'kms:CallerAccount': account,
    'aws:ViaAWSService': true,
    'aws:CalledVia': [service],
    'aws:CalledViaFirst': service,
    'aws:CalledViaLast': service,
  }
}

/** A note that the resource of a call is a key whose policy is in no file: who is not listed may be allowed by it. [GRD-801] */
export function noteOfKeyPolicy(world: World, resource: string): string | undefined {
  if (!isKey(resource) || resourceOf(world, resource)?.policy !== undefined) return undefined
  return `the policy of ${resource} is in no file: it may allow others`
}

/** A note about the key of a call's resource that does not decide who may make the call; undefined if there is none. */
export function noteOfKey(world: World, action: string, resource: string): string | undefined {
  const always = actionsOf(action, 'always')
  const chosen = actionsOf(action, 'unless-chosen')
  if (always.length + chosen.length === 0) return undefined
  const key = keyOf(world, resource)
  const needs = (key === undefined ? [...always, ...chosen] : chosen).join(' and ')
  if (key === undefined)
    return `${action} also needs ${needs} if ${carrierOf(resource)} is under a key of AWS KMS: the inventory has no kmsKey of it`
  if (chosen.length === 0 || key === null || managed.test(key)) return undefined
  return `${action} also needs ${needs} on ${key}, unless the call names another key or another encryption`
}

/** The actions on keys that calls ask for beside their own, if the inventory has something under a key. */
export function keyActions({ resources = [] }: Inventory): readonly string[] {
  return resources.some(({ facts }) => typeof facts.kmsKey === 'string') ? usingKeys : []
}

const usingKeys = ['kms:Decrypt', 'kms:GenerateDataKey']

/** The actions that the caller is asked for. */
function actionsOf(action: string, asked: KeyUse['asked']): readonly string[] {
  const uses = keysUsedBy(action).filter((use) => use.askedOf === 'caller' && use.asked === asked)
  return [...new Set(uses.map((use) => use.action))]
}

/** Undefined if it is not known. */
function keyOf(world: World, resource: string): string | null | undefined {
  const key = resourceOf(world, resource)?.facts.kmsKey
  if (typeof key !== 'string') return key === null || key === false ? null : undefined
  // policies name keys, and the key of a customer's alias is not known
  return key.includes('alias/') && !managed.test(key) ? undefined : key
}

function resourceOf(world: World, arn: string): Resource | undefined {
  const carrier = carrierOf(arn)
  for (const { inventory, elsewhere = new Map() } of accountsIn(world))
    for (const resources of [inventory.resources ?? [], ...elsewhere.values()]) {
      const known = resourcesByArn(resources)
      const resource = known.get(arn) ?? known.get(carrier)
      if (resource !== undefined) return resource
    }
  return undefined
}
