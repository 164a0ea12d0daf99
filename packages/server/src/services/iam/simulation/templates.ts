import { wildcardMatcher } from '@omen-iam/policy'
import { actionInfo } from '../../../authorization/catalogue/index.ts'
import { parseArn } from '../../../base/index.ts'

/**
 * The one form that the simulator has for the resources of a service, as recorded (behaviour SIM-2): behind the partition. AWS's policy
 * generator has the same forms.
 */
const forms: Readonly<Record<string, string>> = {
  ec2: 'ec2:${Region}:${Account}:${ResourceType}/${ResourcePath}',
  iam: 'iam::${Account}:${ResourceType}/${ResourceName}',
  kms: 'kms:${Region}:${Account}:${ResourceType}/${Id}',
  lambda: 'lambda:${Region}:${Account}:${ResourceType}:${ResourceId}',
  s3: 's3:::${BucketName}/${KeyName}',
  sqs: 'sqs:${Region}:${Account}:${QueueName}',
  sts: 'iam::${Account}:${RelativeId}',
}

/**
 * EvalResourceName of several resources: the form of the ARNs of the action's service, with the partition of the first of
 * them; `*` for an action that AWS does not know (behaviour SIM-2).
 */
export function resourceTemplate(action: string, resources: readonly string[]): string {
  const info = actionInfo(action)
  if (info === undefined) return '*'
  const partition = resources.map((each) => parseArn(each)?.partition).find((each) => each !== undefined)
  const form = forms[info.service]
  if (form !== undefined) return `arn:${partition ?? 'aws'}:${form}`
  const patterns = info.resources.flatMap(({ arns }) => arns)
  const [plainest = '*'] = patterns.toSorted((a, b) => a.length - b.length)
  return plainest.replace('${Partition}', partition ?? 'aws')
}

/**
 * Whether an action can be asked of a resource: `*` and what AWS does not know always; else a resource of a type that the action has.
 * Buckets and objects are one type to the simulator (behaviour SIM-47).
 */
export function fitsAction(action: string, resource: string): boolean {
  const info = resource === '*' ? undefined : actionInfo(action)
  if (info === undefined) return true
  return info.resources.some(({ type, arns }) =>
    info.service === 's3' && (type === 'bucket' || type === 'object')
      ? isInS3(resource)
      : arns.some((pattern) => hasForm(resource, pattern)),
  )
}

function isInS3(resource: string): boolean {
  const parts = parseArn(resource)
  return parts?.service === 's3' && parts.region === '' && parts.account === ''
}

const compiled = new Map<string, (text: string) => boolean>()

/** Whether an ARN has the form of a pattern such as `arn:${Partition}:iam::${Account}:user/${UserNameWithPath}`. */
function hasForm(arn: string, pattern: string): boolean {
  const [named, form] = [parseArn(arn), parseArn(pattern)]
  if (named === undefined || form === undefined) return false
  const parts = ['partition', 'service', 'region', 'account'] as const
  if (!parts.every((part) => isFree(form[part]) || form[part] === named[part])) return false
  let fits = compiled.get(form.resource)
  if (fits === undefined) {
    fits = wildcardMatcher(form.resource.replace(variable, '*'))
    compiled.set(form.resource, fits) // as many as AWS has forms
  }
  // a resource with wildcards is many, of which one may have the form
  return fits(named.resource) || (hasWildcard(named.resource) && fitsOne(named.resource, form.resource))
}

const variable = /\$\{[^}]*\}/g

function isFree(part: string): boolean {
  return part.includes('${') || part === '*'
}

function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?')
}

function fitsOne(wild: string, form: string): boolean {
  return wildcardMatcher(wild)(form.replace(variable, 'x'))
}
