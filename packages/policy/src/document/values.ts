import { EMPTY } from '../evaluate/context.ts'
import { compileAction, isWild } from '../match/action.ts'
import { isAccountId, splitArn } from '../match/arn.ts'
import type { Located, PolicyKind, PrincipalEntry } from './policy.ts'
import { IAM_PATHS, type RefusalCode } from './refusals.ts'
import { type Path, type Report, stretch } from './report.ts'

const VENDOR = /^[A-Za-z0-9.-]+$/

/** `*`, `*:*` or `vendor:name`. */
export function checkAction(action: Located, path: Path, kind: PolicyKind, report: Report): void {
  const { value } = action
  const colon = value.indexOf(':')
  if (kind === 'trust' && !isAssuming(value)) {
    refuse('INVALID_STS_ACTION', `${value} is no action by which STS gives out a role`, value)
  } else if (value === '*') return
  else if (colon === -1) refuse('MISSING_VENDOR', `${value || 'An empty action'} names no service`, value)
  else if (!VENDOR.test(value.slice(0, colon)) && value.slice(0, colon) !== '*') {
    const vendor = value.slice(0, colon)
    refuse('INVALID_VENDOR', `"${vendor}" is no service`, vendor)
  } else if (value.includes(':', colon + 1)) {
    refuse('TOO_MANY_COLONS', `${value} has more than one colon`, value)
  }

  function refuse(
    code: 'INVALID_STS_ACTION' | 'MISSING_VENDOR' | 'INVALID_VENDOR' | 'TOO_MANY_COLONS',
    message: string,
    detail: string,
  ) {
    report.refuse(code, message, detail, path, stretch(action.span))
  }
}

const ASSUMING = [
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'sts:tagsession',
  'sts:setsourceidentity',
  'sts:setcontext',
]

/** What a trust policy may speak of: the calls that give its role out, and what goes with them. [POL-143] */
function isAssuming(action: string): boolean {
  const pattern = action.toLowerCase()
  if (!pattern.startsWith('sts:')) return false
  const matches = compileAction(pattern)
  return ASSUMING.some((name) => matches(name, EMPTY))
}

/** `*` or an ARN of a known partition. */
export function checkResource({ value, span }: Located, path: Path, report: Report): void {
  const fault = resourceFault(value)
  if (fault !== undefined) report.refuse(fault.code, fault.message, fault.detail, path, stretch(span))
}

interface Fault {
  readonly code: RefusalCode
  readonly message: string
  readonly detail: string
}

function resourceFault(value: string): Fault | undefined {
  if (value === '*') return undefined
  const fields = value.split(':')
  if (fields.length > 1 && fields[0] === '*') return undefined
  if (fields.length === 1) return { code: 'INVALID_ARN', message: `${value} is no ARN`, detail: value }
  if (fields[0] !== 'arn') return partitionFault(padded(fields))
  if (fields.length > 2 && fields.length < 6 && !isWild(value)) {
    return { code: 'LEGACY_PARSING', message: `${value} is no complete ARN`, detail: value }
  }
  return (
    partitionFault(value) ??
    vendorFault(value, fields) ??
    accountFault(value, fields) ??
    regionFault(value, fields) ??
    pathFault(value, fields)
  )
}

/** AWS takes whatever the first field is for "arn" and fills up what is missing, as its texts show. */
function padded(fields: readonly string[]): string {
  const missing = new Array<string>(Math.max(0, 6 - fields.length)).fill('*')
  return ['arn', ...fields.slice(1), ...missing].join(':')
}

function partitionFault(arn: string): Fault | undefined {
  const partition = arn.split(':', 2)[1] ?? ''
  if (isWild(partition) || /^aws(?:-[a-z]+)*$/.test(partition)) return undefined
  const text = `Partition "${partition}" is not valid for resource "${arn}".`
  return { code: 'INVALID_PARTITION', message: text, detail: text }
}

/** `arn:aws:*:…` names no service, and neither does an ARN that ends before it. [POL-083, POL-148] */
function vendorFault(value: string, fields: readonly string[]): Fault | undefined {
  const vendor = fields[2] ?? ''
  // `arn:*` ends in the field of its partition, and means every ARN
  if (fields.length < 3 && isWild(value)) return undefined
  if (vendor !== '' && !isWild(vendor)) return undefined
  return { code: 'RESOURCE_VENDOR', message: `${value} names no service`, detail: value }
}

/** Twelve digits, or the word for an owner such as `aws`, where it is written out. [POL-155] */
function accountFault(value: string, fields: readonly string[]): Fault | undefined {
  const account = fields[4] ?? ''
  if (/^(?:\d{12}|[a-z-]*)$/.test(account) || isWild(account) || hasVariable(fields)) return undefined
  return { code: 'LEGACY_PARSING', message: `${account} is no account`, detail: value }
}

/** IAM's own resources begin with their kind. [POL-148] */
function pathFault(value: string, fields: readonly string[]): Fault | undefined {
  const resource = fields.slice(5).join(':')
  if (fields[2] !== 'iam' || fields.length < 6 || resource === '*') return undefined
  if (hasVariable(fields)) return undefined
  if (NEWER_IAM_PATHS.test(resource) || IAM_PATHS.some((path) => resource.startsWith(path))) return undefined
  return { code: 'IAM_PATH', message: `${resource} is none of IAM's kinds of resources`, detail: value }
}

/** A variable before the resource: its own colon moves the fields. */
function hasVariable(fields: readonly string[]): boolean {
  return fields.slice(0, 5).some((field) => field.includes('${'))
}

/** What AWS's text has not been told of: root users, requests for access, and templates of roles. */
const NEWER_IAM_PATHS = /^(?:root$|delegation-request\/|role-template\/)/

function regionFault(value: string, fields: readonly string[]): Fault | undefined {
  const [, , service, region = '', account] = fields
  if (region === '' || isWild(region)) return undefined
  const message = `${value} names a region, but ${service} resources have none`
  if (service === 'iam') return { code: 'IAM_REGION', message, detail: value }
  // Access points do have a region, and an account with it.
  return service === 's3' && account === '' ? { code: 'S3_REGION', message, detail: value } : undefined
}

const UNIQUE_ID = /^A[A-Z0-9]{15,127}$/

/** Whether AWS would take an entry of a Principal by its form; whether it exists is for who knows the accounts. */
export function checkPrincipal(
  entry: PrincipalEntry,
  path: Path,
  everyoneOnly: boolean,
  report: Report,
): void {
  if (everyoneOnly ? entry.type === 'AWS' && entry.value === '*' : isPrincipal(entry)) return
  const detail = `"${entry.type === 'AWS' ? 'AWS' : entry.type.toUpperCase()}":"${entry.value}"`
  report.refuse('INVALID_PRINCIPAL', `${detail} is no principal`, detail, path, stretch(entry.span))
}

function isPrincipal({ type, value }: PrincipalEntry): boolean {
  // looked at twice, for one expression with the dot inside would try every dot
  if (type === 'Service') return /^[A-Za-z0-9.-]+$/.test(value) && value.slice(1, -1).includes('.')
  if (type !== 'AWS') return value !== '' && !isWild(value)
  if (value === '*' || isAccountId(value) || UNIQUE_ID.test(value)) return true
  const arn = splitArn(value)
  if (arn === undefined || isWild(value)) return false
  if (arn.service === 'iam') return arn.resource === 'root' || /^(?:user|role)\/./.test(arn.resource)
  return arn.service === 'sts' && /^(?:assumed-role\/[^/]+|federated-user)\/[^/]+$/.test(arn.resource)
}
