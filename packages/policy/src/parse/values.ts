import type { FindingDetail, Path } from '../document/finding.ts'
import type { KindRules } from '../document/kinds.ts'
import type { Located, PolicyKind, PrincipalEntry } from '../document/policy.ts'
import { isWild } from '../match/action.ts'
import { accountIdOf, isAccountId, splitArn } from '../match/arn.ts'
import { compileGlob } from '../match/glob.ts'
import { splitFields } from '../match/resource.ts'
import { emptyContext } from '../request/context.ts'
import { accountField, legacyFault, padded } from './arn-fields.ts'
import { iamPaths, type RefusalCode } from './refusals.ts'
import { type Report, stretch } from './report.ts'

const vendorForm = /^[A-Za-z0-9.-]+$/

/** `*`, `*:*` or `vendor:name`. */
export function checkAction(action: Located, path: Path, kind: PolicyKind, report: Report): void {
  const { value } = action
  const colon = value.indexOf(':')
  if (kind === 'trust' && !isAssuming(value)) {
    refuse('INVALID_STS_ACTION', `${value} is not an action that assumes a role`, value)
  } else if (value === '*' || value === '*:*') return
  else if (colon === -1) refuse('MISSING_VENDOR', `${value || 'An empty action'} names no service`, value)
  else if (isWild(value.slice(0, colon))) {
    refuse('VENDOR_WILDCARD', `${value} has a wildcard in the name of the service`, value)
  } else if (!vendorForm.test(value.slice(0, colon))) {
    const vendor = value.slice(0, colon)
    refuse('INVALID_VENDOR', `"${vendor}" is not a service`, vendor)
  } else if (value.includes(':', colon + 1)) {
    refuse('TOO_MANY_COLONS', `${value} has more than one colon`, value)
  }

  function refuse(code: RefusalCode, message: string, mention: string) {
    report.refuse({ code, mention }, message, path, stretch(action.span), { type: 'action' })
  }
}

const assuming = [
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
  'sts:TagSession',
  'sts:SetSourceIdentity',
  'sts:SetContext',
]

const otherSts = [
  'sts:AssumeRoot',
  'sts:DecodeAuthorizationMessage',
  'sts:GetAccessKeyInfo',
  'sts:GetCallerIdentity',
  'sts:GetFederationToken',
  'sts:GetServiceBearerToken',
  'sts:GetSessionToken',
  'sts:GetWebIdentityToken',
]

/**
 * Whether a trust policy may name an action: a call that assumes a role, or one that accompanies it, in AWS's
 * spelling. A pattern must match one of these and no other action of STS (behaviour POL-143).
 */
function isAssuming(pattern: string): boolean {
  const matches = compileGlob(pattern, { wildcards: true, variables: false })
  return (
    assuming.some((name) => matches(name, emptyContext)) &&
    !otherSts.some((name) => matches(name, emptyContext))
  )
}

/** `*` or an ARN of a known partition. */
export function checkResource({ value, span }: Located, path: Path, kind: PolicyKind, report: Report): void {
  const fault = resourceFault(value, kind)
  const isVariable = fault?.isVariable === true && report.accountVariables
  if (fault !== undefined && !isVariable)
    report.refuse(fault, fault.message, path, stretch(span), aboutArn(fault))
  else if (isIncomplete(value))
    report.note('error', 'MISSING_ARN_FIELD', `${value} is not a complete ARN`, path, span, {
      type: 'arn',
      fault: 'fields',
    })
}

interface Fault {
  readonly code: RefusalCode
  readonly message: string
  readonly mention: string
  /** Present if Access Analyzer has its own message. */
  readonly arn?: 'prefix' | 'fields' | 'account' | 'region'
  /** The region or account is a variable. */
  readonly isVariable?: boolean
}

function aboutArn({ arn }: Fault): FindingDetail | undefined {
  return arn === undefined ? undefined : { type: 'arn', fault: arn }
}

function resourceFault(value: string, kind: PolicyKind): Fault | undefined {
  if (value === '*') return undefined
  const fields = splitFields(value)
  if (fields[0] === '*') return undefined
  if (fields.length === 1)
    return { code: 'INVALID_ARN', message: `${value} is not an ARN`, mention: value, arn: 'prefix' }
  const whole = padded(['arn', ...fields.slice(1)])
  // AWS reads any first field as "arn" and adds missing fields, as its messages show.
  if (fields[0] !== 'arn') return partitionFault(whole)
  if (isIncomplete(value) && (!completing.has(kind) || partitionFault(whole) !== undefined)) {
    return {
      code: 'LEGACY_PARSING',
      message: `${value} is not a complete ARN`,
      mention: value,
      arn: 'fields',
    }
  }
  return (
    partitionFault(value) ??
    vendorFault(value, fields) ??
    fieldFault(value, fields) ??
    regionFault(whole, fields) ??
    pathFault(value, fields)
  )
}

/** Whether an ARN ends before its resource and has no wildcard that could match the rest. */
function isIncomplete(value: string): boolean {
  const { length } = splitFields(value)
  return value.startsWith('arn:') && length > 2 && length < 6 && !isWild(value)
}

/** Kinds of policies in which IAM completes an ARN that ends early: it accepts `arn:aws:sqs` (behaviour POL-185). */
const completing: ReadonlySet<PolicyKind> = new Set(['identity', 'boundary'])

function partitionFault(arn: string): Fault | undefined {
  const partition = arn.split(':', 2)[1] ?? ''
  if (isWild(partition) || /^aws(?:-[a-z]+)*$/.test(partition)) return undefined
  const text = `Partition "${partition}" is not valid for resource "${arn}".`
  return { code: 'INVALID_PARTITION', message: text, mention: text }
}

/** `arn:aws:*:…` names no service, and neither does an ARN that ends before it (behaviours POL-083 and POL-148). */
function vendorFault(value: string, fields: readonly string[]): Fault | undefined {
  const vendor = fields[2] ?? ''
  // `arn:*` ends in the partition, and matches every ARN.
  if (fields.length < 3 && isWild(value)) return undefined
  if (vendor !== '' && !isWild(vendor)) return undefined
  return { code: 'RESOURCE_VENDOR', message: `${value} names no service`, mention: value }
}

/** A region or account that IAM cannot read. A variable is one (behaviours POL-155, POL-184 and POL-241). */
function fieldFault(value: string, fields: readonly string[]): Fault | undefined {
  const at = legacyFault(fields)
  if (at === undefined) return undefined
  const text = fields[at] ?? ''
  const isAccount = at === accountField
  return {
    code: 'LEGACY_PARSING',
    message: `${text} is not ${isAccount ? 'an account' : 'a region'}`,
    mention: value,
    arn: isAccount ? 'account' : 'region',
    isVariable: /^\$\{[^}]*\}$/.test(text),
  }
}

/** Resources of IAM start with their kind (behaviour POL-148). */
function pathFault(value: string, fields: readonly string[]): Fault | undefined {
  const resource = fields.slice(5).join(':')
  if (fields[2] !== 'iam' || fields.length < 6 || resource === '*') return undefined
  if (newerIamPaths.test(resource) || iamPaths.some((path) => resource.startsWith(path))) return undefined
  return { code: 'IAM_PATH', message: `${resource} is not a kind of IAM resource`, mention: value }
}

/** Kinds that AWS's message does not list: root users, delegation requests and role templates. */
const newerIamPaths = /^(?:root$|delegation-request\/|role-template\/)/

/** Refuses a region or an account in ARNs of services whose resources have none. */
function regionFault(value: string, fields: readonly string[]): Fault | undefined {
  const [, , service, region = '', account = '', ...rest] = fields
  const hasRegion = region !== '' && !isWild(region)
  const message = `${value} names a region, but ${service} resources have none`
  if (service === 'iam') return hasRegion ? { code: 'IAM_REGION', message, mention: value } : undefined
  if (service !== 's3' && service !== 'route53') return undefined
  // Access points have a region and an account; multi-Region access points have only an account.
  if (hasRegion && (service === 'route53' || account === ''))
    return { code: 'S3_REGION', message, mention: value }
  const resource = rest.join(':')
  const mayHaveAccount =
    service === 's3' && (region !== '' || isWild(resource.slice(0, 1)) || resource.startsWith('accesspoint/'))
  if (mayHaveAccount || !/^\d{12}$/.test(account)) return undefined
  return {
    code: 'ARN_ACCOUNT',
    message: `${value} names an account, but ${service} resources have none`,
    mention: value,
  }
}

const uniqueId = /^A[A-Z0-9]{15,127}$/
const originAccess = 'user/CloudFront Origin Access Identity '

/** Reports an entry of a Principal whose form AWS refuses. Whether the principal exists is not checked. */
export function checkPrincipal(entry: PrincipalEntry, path: Path, rules: KindRules, report: Report): void {
  const { everyoneOnly, texts } = rules
  if (everyoneOnly ? entry.type === 'AWS' && entry.value === '*' : isPrincipal(entry, texts === 'trust'))
    return
  const mention = `"${entry.type.toUpperCase()}":"${entry.value}"`
  const reason = { code: 'INVALID_PRINCIPAL', mention } as const
  report.refuse(reason, `${mention} is not a principal`, path, stretch(entry.span), {
    type: 'principal',
    fault: 'entry',
  })
}

function isPrincipal({ type, value }: PrincipalEntry, isTrust: boolean): boolean {
  // Two tests, because one expression with the dot inside would backtrack at every dot.
  if (type === 'Service') return /^[A-Za-z0-9.-]+$/.test(value) && value.slice(1, -1).includes('.')
  if (type !== 'AWS') return value !== '' && !isWild(value)
  if (value === '*' || accountIdOf(value) !== undefined || uniqueId.test(value)) return true
  const arn = splitArn(value)
  if (arn === undefined || isWild(value)) return false
  if (arn.region !== '' || partitionFault(value) !== undefined) return false
  // CloudFront's origin access identities read buckets, and belong to no account (behaviour POL-191).
  if (arn.account === 'cloudfront')
    return !isTrust && arn.service === 'iam' && arn.resource.startsWith(originAccess)
  if (!isAccountId(arn.account)) return false
  if (arn.service === 'iam') return arn.resource === 'root' || /^(?:user|role)\/./.test(arn.resource)
  // A trust policy may name one session of a role (behaviour POL-192).
  return arn.service === 'sts' && /^(?:assumed-role\/[^/]+|federated-user)\/[^/]+$/.test(arn.resource)
}
