import { type ActionInfo, actionInfo, serviceInfo } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import { keysOfOthers, kindOf } from './own-keys.ts'
import type { PackedOperation } from './packed.ts'

/** Returns whether the guard cannot know the value of a condition key, given in lower case. */
export type IsUnknowable = (key: string) => boolean

/**
 * Keys that the guard fills whenever a request has them: if they are missing, AWS has none either (behaviours GRD-13
 * to GRD-16).
 */
const alwaysKnown = [
  'aws:',
  'dynamodb:',
  'ec2:region',
  'iam:passedtoservice',
  'kms:calleraccount',
  'kms:encryptioncontext',
  'kms:grantconstrainttype',
  'kms:requestalias',
  'kms:viaservice',
  'rds:req-tag/',
  's3:accessgrant',
  's3:accesspoint',
  's3:authtype',
  's3:dataaccesspoint',
  's3:inventoryaccessibleoptionalfields',
  's3:requestobjecttag',
  's3:resourceaccount',
  's3:signature',
  's3:tlsversion',
  's3:x-amz-content-sha256',
]

const tagFamilies = ['aws:resourcetag/', 's3:buckettag/', 's3:accesspointtag/']

/** Keys that are not read from the request alone: what it leaves out has a default that the upstream knows. */
const openAlways = ['s3:object-lock-']

/** Keys for the tags of buckets and access points, which count for all that is in them. */
const s3Tags = ['aws:ResourceTag/${TagKey}', 's3:BucketTag/${TagKey}', 's3:AccessPointTag/${TagKey}']

const byAction = perObject((_operation: PackedOperation) => new Map<string, IsUnknowable>())

/**
 * Condition keys that AWS's reference lists for an action and whose values the guard does not know in a question of
 * this operation: the tags of existing resources, and whatever else only the service sees (behaviour GRD-105). Of a
 * launch, also what the request may leave to the image or the launch template (behaviour GRD-461).
 */
export function unknowableKeys(operation: PackedOperation, action: string, resource: string): IsUnknowable {
  const known = byAction(operation)
  const kind = kindOf(resource)
  const name = `${action} ${kind}`
  let found = known.get(name)
  if (found === undefined) {
    const always = find(operation, actionInfo(action))
    const isOfOthers = keysOfOthers(action, resource)
    const left = action === 'ec2:RunInstances' ? leftToOthers(action, kind) : nothing
    found = (key) => left.has(key) || (always(key) && !isOfOthers(key))
    // kinds come from requests
    if (known.size >= mostKept) known.clear()
    known.set(name, found)
  }
  return found
}

const nothing: ReadonlySet<string> = new Set()
const mostKept = 1_000

/**
 * The keys of a thing that a launch makes or uses. Each may come from the image, the launch template, the subnet or
 * the account's settings where the request leaves it out.
 */
function leftToOthers(action: string, kind: string): ReadonlySet<string> {
  const resources = actionInfo(action)?.resources ?? []
  const own = resources.filter(({ arns }) => arns.some((arn) => kindOf(arn) === kind))
  const keys = own.flatMap(({ conditionKeys }) => conditionKeys.map((key) => key.toLowerCase()))
  return new Set(keys.filter((key) => isUnknowable(key) && !isTag(key)))
}

function find({ keys = {}, asks = [] }: PackedOperation, info: ActionInfo | undefined): IsUnknowable {
  if (info === undefined) return () => false
  const known = new Set(
    [keys, ...asks.map((need) => need.keys ?? {})]
      .flatMap((each) => Object.keys(each))
      .map((key) => key.toLowerCase()),
  )
  const listed = [
    ...info.conditionKeys.filter((key) => !isTag(key) || !isMaking(info.name)),
    ...info.resources.flatMap(({ type, conditionKeys }) => (isMade(type, info.name) ? [] : conditionKeys)),
    ...tagsOfThings(info),
  ].map((key) => key.toLowerCase())
  const isOpen = (key: string) => openAlways.some((start) => key.startsWith(start))
  const exact = new Set(listed.filter((key) => isUnknowable(key) && (!known.has(key) || isOpen(key))))
  // aws:ResourceTag/${TagKey}, s3:ExistingObjectTag/<key>
  const families = [...exact].flatMap((key) => key.match(/^[^$<]*(?=\$\{|<)|^[^/]*tag\/(?=tag-?key)/) ?? [])
  return (key) => exact.has(key) || families.some((family) => key.startsWith(family))
}

/** Keys for the tags of a service's resources, which the reference lists with their types, not with each action. */
function tagsOfThings({ service, name, resources }: ActionInfo): readonly string[] {
  if (resources.every(({ type }) => isMade(type, name))) return []
  if (service === 's3') return s3Tags
  const keys = serviceInfo(service)?.conditionKeys ?? []
  return keys.map(({ key }) => key).filter((key) => isTag(key) || /^rds:(?!req-)[a-z-]+-tag\//.test(key))
}

function isUnknowable(key: string): boolean {
  return (
    tagFamilies.some((family) => key.startsWith(family)) ||
    !alwaysKnown.some((known) => key.startsWith(known))
  )
}

function isTag(key: string): boolean {
  return /resourcetag\//i.test(key)
}

const making = /^(?:Allocate|Copy|Create|Import|Register|Request|Restore|Run)(.*)/

function isMaking(action: string): boolean {
  return making.test(action)
}

/**
 * Returns whether resources of a type have no tags yet because the action creates them: an instance of RunInstances.
 */
function isMade(type: string, action: string): boolean {
  const [, made] = making.exec(action) ?? []
  return made?.toLowerCase().includes(type.toLowerCase().replace(/[^a-z0-9]/g, '')) === true
}
