import type { ContextInput } from '@omen-iam/policy'
import { keysUsedBy } from '../authorization/catalogue/index.ts'
import { carrierOf } from './world/resource-policy.ts'
import { accountsIn, type World } from './world/world.ts'

/** A question that a call asks beside its own: about the key of AWS KMS under which its resource is. */
export interface KeyAsked {
  readonly action: string
  readonly key: string
  /** What the request to AWS KMS has that the call itself has not. */
  readonly context: Readonly<Record<string, ContextInput>>
}

/** Keys that AWS manages: everyone of the account may use them through their service. */
const managed = /(?:^|:)alias\/aws\//

/**
 * The questions about the key of a resource that a call on it asks, by the table that the guard asks by. The inventory
 * has the key in `kmsKey`: its ARN, or null if the resource is under none.
 */
export function keysAsked(world: World, action: string, resource: string): readonly KeyAsked[] {
  const key = keyOf(world, action, resource)
  if (typeof key !== 'string' || managed.test(key)) return []
  const [, , , region = ''] = key.split(':')
  const [prefix = ''] = action.toLowerCase().split(':')
  const service = `${prefix}.amazonaws.com`
  const context = {
    'kms:ViaService': `${prefix}.${region}.${world.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}`,
    'kms:CallerAccount': world.account,
    'aws:ViaAWSService': true,
    'aws:CalledVia': [service],
    'aws:CalledViaFirst': service,
    'aws:CalledViaLast': service,
  }
  return usesOf(action).map((action) => ({ action, key, context }))
}

/** What of the inventory is missing for a call that may use a key of AWS KMS, in words; undefined if nothing is. */
export function missingKey(world: World, action: string, resource: string): string | undefined {
  const uses = usesOf(action)
  const key = uses.length === 0 ? null : keyOf(world, action, resource)
  if (key === undefined)
    return `${action} also needs ${uses.join(' and ')} if ${carrierOf(resource)} is under a key of AWS KMS: the inventory has no kmsKey of it`
  return undefined
}

/** The actions that the caller is asked for the key of a thing; a key that the call itself names is its own choice. */
function usesOf(action: string): readonly string[] {
  return keysUsedBy(action)
    .filter(({ askedOf, keyOf }) => askedOf === 'caller' && keyOf !== 'input')
    .map(({ action }) => action)
}

/** Undefined if it is not known. */
function keyOf(world: World, action: string, resource: string): string | null | undefined {
  if (usesOf(action).length === 0) return null
  const key = thingOf(world, resource)?.facts.kmsKey
  return typeof key === 'string' ? key : key === null || key === false ? null : undefined
}

function thingOf(world: World, arn: string) {
  const carrier = carrierOf(arn)
  for (const { inventory } of accountsIn(world)) {
    const thing = inventory.things?.find((each) => each.arn === arn || each.arn === carrier)
    if (thing !== undefined) return thing
  }
  return undefined
}
