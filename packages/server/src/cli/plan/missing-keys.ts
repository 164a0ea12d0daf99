import { combine, compile, evaluate } from '@omen-iam/policy'
import { keysUsedBy, serviceInfo } from '../../authorization/catalogue/index.ts'
import { keyContext } from '../../graph/index.ts'
import type { Image, UnderKeyImage } from '../../intake/index.ts'
import { contextOf, type Holder, principalOf, type World } from './world.ts'

/** Calls on something under a key of AWS KMS that a plan allows, and the permissions on the key that are missing for them. */
export interface MissingKey {
  readonly who: string
  readonly actions: readonly string[]
  readonly resource: string
  readonly key: string
  readonly missing: readonly string[]
}

/** The kinds of guard-keys.json whose key is that of a resource, by its type. */
const kinds: Readonly<Record<string, readonly string[] | undefined>> = {
  'AWS::Events::EventBus': ['bus'],
  'AWS::S3::Bucket': ['newObject', 'answeredObject', 'object'],
  'AWS::SNS::Topic': ['topic'],
  'AWS::SQS::Queue': ['queue', 'waitingMessage'],
  'AWS::SSM::Parameter': ['parameter'],
  'AWS::SecretsManager::Secret': ['version', 'newVersion'],
  'AWS::StepFunctions::Activity': ['activity'],
  'AWS::StepFunctions::StateMachine': ['machine'],
}

/**
 * The access of users and roles to resources under a customer's key that they newly have, without access to the key, by the table by
 * which the guard asks (GRD-471). An alias that no file explains, and keys that AWS manages, are left out.
 */
export function missingKeys(before: World, after: World, old: Image, image: Image): readonly MissingKey[] {
  const were = new Map(old.underKeys?.map(({ arn, key }) => [arn, key]))
  return (image.underKeys ?? [])
    .filter(({ key }) => !key.includes(':alias/'))
    .flatMap((thing) => {
      const isAsBefore = were.get(thing.arn) === thing.key
      return [...after.holders.values()].flatMap((holder) => {
        const was = isAsBefore ? before.holders.get(holder.arn.toLowerCase()) : undefined
        if (holder.kind === 'group' || was?.key === holder.key) return []
        return missingOf(thing, holder, after, was, before) ?? []
      })
    })
}

function missingOf(
  { type, arn, key }: UnderKeyImage,
  holder: Holder,
  world: World,
  was: Holder | undefined,
  before: World,
): MissingKey | undefined {
  const resource = type === 'AWS::S3::Bucket' ? `${arn}/example` : arn
  const missing = new Set<string>()
  const actions: string[] = []
  for (const [action, uses] of callsOn(type, arn)) {
    const may = (who: Holder, of: World) => isAllowed(of, who, action, resource, arn, {})
    if (!may(holder, world) || (was !== undefined && may(was, before))) continue
    const context = keyContext(holder, action, key)
    const left = uses.filter((use) => !isAllowed(world, holder, use, key, key, context))
    if (left.length > 0) actions.push(action)
    for (const use of left) missing.add(use)
  }
  return actions.length === 0
    ? undefined
    : { who: holder.arn, actions, resource: arn, key, missing: [...missing] }
}

/** The calls on a resource of a type that use its key, and the actions on the key that each asks of its caller. */
function callsOn(type: string, arn: string): readonly (readonly [action: string, uses: readonly string[]])[] {
  const prefix = arn.split(':', 3)[2] ?? ''
  return (serviceInfo(prefix)?.actions ?? []).flatMap(({ name }) => {
    const action = `${prefix}:${name}`
    const uses = keysUsedBy(action).filter(
      ({ askedOf, asked, keyOf }) =>
        askedOf === 'caller' && asked !== 'by-input' && kinds[type]?.includes(keyOf) === true,
    )
    return uses.length === 0 ? [] : [[action, [...new Set(uses.map((use) => use.action))]] as const]
  })
}

/** Whether a holder's policies, with that of the resource if the files have it, allow a call. */
function isAllowed(
  world: World,
  holder: Holder,
  action: string,
  resource: string,
  carrier: string,
  keys: Parameters<typeof contextOf>[1],
): boolean {
  const principal = principalOf(holder)
  const policy = world.resources.get(carrier)?.policy
  const grant = policy?.kind === 'key' ? 'explicit' : 'either'
  const holderPolicies = world.compiled(holder)
  const set =
    policy === undefined
      ? holderPolicies
      : combine(
          holderPolicies,
          compile({ resource: { source: { policy, source: { type: 'none' } }, grant } }),
        )
  const request = {
    principal,
    action,
    resource,
    resourceAccount: carrier.split(':')[4] || holder.account,
    context: contextOf(principal, keys),
  }
  return evaluate(request, set).outcome === 'allowed'
}
