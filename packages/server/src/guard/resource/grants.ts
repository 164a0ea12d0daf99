import type { AccessRequest, Call, ContextKeys } from '../../authorization/index.ts'
import { parseAccountId, parseArn } from '../../base/index.ts'
import { isSigned } from '../../session/index.ts'
import { ask } from '../ask.ts'
import type { Input } from '../catalogue/index.ts'
import type { Upstream } from '../upstream.ts'
import { inJson, membersOf, objectIn } from './answers.ts'

/** A grant of a key, as ListGrants has it. */
interface Grant {
  readonly id: string
  readonly grantee: string
  readonly retiring: string
  readonly operations: readonly string[]
  /** The account that issued it. */
  readonly issuer: string | undefined
  readonly equals: Pairs | undefined
  readonly subset: Pairs | undefined
}

type Pairs = Readonly<Record<string, unknown>>

/** Pages of grants of one key that are looked at. */
const mostPages = 50

/** Operations whose encryption context a grant may bind. */
const withContext = /^kms:(?:Decrypt|Encrypt|GenerateDataKey|ReEncrypt)/

/** A principal as policies may name it: by ARN, or a service. */
const namable = /^(?:arn:[\w-]+:(?:iam|sts)::\d{12}:[\w+=,.@/-]+|[\w.-]+\.amazonaws\.com(?:\.cn)?)$/

/** Returns whether a question is about a key that may have grants. */
export function mayBeGranted({ action, resource, deniesOnly }: AccessRequest): boolean {
  return action.startsWith('kms:') && deniesOnly !== true && /:kms:[^:]*:\d{12}:key\/[\w-]+$/.test(resource)
}

/**
 * The questions with the grants of their keys, which count as the key's policy does (behaviour GRD-202). @param input of
 * the call, for the grant that it makes or retires
 */
export function withGrants(
  requests: readonly AccessRequest[],
  input: Input,
  call: Call,
  upstream: Upstream,
): Promise<readonly AccessRequest[]> {
  return Promise.all(
    requests.map(async (access) => {
      if (!mayBeGranted(access)) return access
      const grants = await grantsOf(access.resource, call, upstream)
      const granted = ofGrants(access, grants, input, call)
      const or = access.or && (await withGrants(access.or, input, call, upstream))
      return or === undefined ? granted : { ...granted, or }
    }),
  )
}

function ofGrants(access: AccessRequest, grants: readonly Grant[], input: Input, call: Call): AccessRequest {
  const { action, resource, resourcePolicy } = access
  const owner = parseArn(resource)?.account
  const statements: object[] = []
  let isTheirs = false
  for (const grant of grants) {
    const principals = principalsOf(grant, access, input).map((principal) => ofId(principal, call))
    for (const principal of principals) {
      if (!namable.test(principal)) continue
      const Principal = principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal }
      statements.push({ Effect: 'Allow', Principal, Action: action, Resource: '*' })
      if (grant.issuer !== owner && grant.issuer === call.account.id && isCaller(principal, call))
        isTheirs = true
    }
    // who is named to retire a grant needs no policy in the account of the key
    if (action === 'kms:RetireGrant' && owner === call.account.id)
      if (principals.some((principal) => isCaller(principal, call))) return { ...access, deniesOnly: true }
  }
  if (statements.length === 0) return access
  return {
    ...access,
    resourcePolicy: {
      ...resourcePolicy,
      grant: resourcePolicy?.grant ?? 'explicit',
      document: withStatements(resourcePolicy?.document, statements),
    },
    // a grant of the caller's own account is enough there
    ...(isTheirs && { decidedIn: call.account.id }),
  }
}

/** The principals that a grant lets do what is asked. */
function principalsOf(
  grant: Grant,
  { action, context = {} }: AccessRequest,
  input: Input,
): readonly string[] {
  const operation = action.slice('kms:'.length)
  const has = grant.operations.includes(operation)
  if (action === 'kms:RetireGrant') {
    if (input.GrantId !== grant.id) return []
    return has ? [grant.retiring, grant.grantee] : [grant.retiring]
  }
  if (!has) return []
  if (action === 'kms:CreateGrant') return covers(grant, input) ? [grant.grantee] : []
  return !withContext.test(action) || isBound(grant, context) ? [grant.grantee] : []
}

function isBound({ equals, subset }: Grant, context: ContextKeys): boolean {
  const holds = (pairs: Pairs) =>
    Object.entries(pairs).every(([name, value]) => context[`kms:EncryptionContext:${name}`] === value)
  const keys = [context['kms:EncryptionContextKeys'] ?? []].flat()
  return (
    (subset === undefined || holds(subset)) &&
    (equals === undefined || (holds(equals) && keys.length === Object.keys(equals).length))
  )
}

/** A grant that a grantee makes has its operations alone, and is as narrow. */
function covers({ operations, equals, subset }: Grant, input: Input): boolean {
  const asked = [input.Operations].flat()
  if (!asked.every((one) => typeof one === 'string' && operations.includes(one))) return false
  const constraints = membersOf(input.Constraints)
  const [theirs, theirSubset] = [constraints.EncryptionContextEquals, constraints.EncryptionContextSubset]
  const within = (part: Pairs, whole: unknown) =>
    Object.entries(part).every(([name, value]) => membersOf(whole)[name] === value)
  if (equals !== undefined)
    return within(equals, theirs) && Object.keys(membersOf(theirs)).length === Object.keys(equals).length
  return subset === undefined || within(subset, theirs) || within(subset, theirSubset)
}

/** A grant keeps the id of its role or user, which may be shown in place of an ARN. */
function ofId(principal: string, { caller }: Call): string {
  if (caller.kind === 'user') return principal === caller.user.id ? caller.arn : principal
  if (caller.kind !== 'role') return principal
  if (principal === caller.role.id) return caller.roleArn
  return principal === `${caller.role.id}:${caller.session.sessionName}` ? caller.arn : principal
}

/** Whether a principal is the caller: its session or its role by ARN, or its user. */
function isCaller(principal: string, { caller }: Call): boolean {
  if (!isSigned(caller)) return false
  return principal === caller.arn || (caller.kind === 'role' && principal === caller.roleArn)
}

async function grantsOf(
  key: string,
  { account, region }: Call,
  upstream: Upstream,
): Promise<readonly Grant[]> {
  const arn = parseArn(key)
  const owner = parseAccountId(arn?.account ?? '') ?? account.id
  const grants: Grant[] = []
  let Marker: unknown
  for (let page = 0; page < mostPages; page++) {
    const more = Marker === undefined ? {} : { Marker }
    const asked = inJson('kms', '1.1', 'TrentService.ListGrants', { KeyId: key, ...more })
    const place = { method: 'POST', path: '/', account: owner, region: arn?.region ?? region } as const
    const { status, text } = await ask({ ...place, ...asked }, upstream)
    const answer = membersOf(status === 200 ? objectIn(text) : undefined)
    for (const grant of Array.isArray(answer.Grants) ? answer.Grants : [])
      grants.push(grantIn(membersOf(grant)))
    Marker = answer.NextMarker
    if (typeof Marker !== 'string' || Marker === '') break
  }
  return grants
}

function grantIn(grant: Readonly<Record<string, unknown>>): Grant {
  const { EncryptionContextEquals, EncryptionContextSubset } = membersOf(grant.Constraints)
  const pairs = (value: unknown) => (value === undefined || value === null ? undefined : membersOf(value))
  const issuer = String(grant.IssuingAccount ?? '')
  return {
    id: String(grant.GrantId),
    grantee: String(grant.GranteePrincipal ?? ''),
    retiring: String(grant.RetiringPrincipal ?? ''),
    operations: [grant.Operations].flat().map(String),
    issuer: parseArn(issuer)?.account ?? parseAccountId(issuer),
    equals: pairs(EncryptionContextEquals),
    subset: pairs(EncryptionContextSubset),
  }
}

function withStatements(document: string | undefined, statements: readonly object[]): string {
  const parsed = membersOf(objectIn(document ?? '{}'))
  const own = parsed.Statement === undefined ? [] : [parsed.Statement].flat()
  return JSON.stringify({ Version: '2012-10-17', ...parsed, Statement: [...own, ...statements] })
}
