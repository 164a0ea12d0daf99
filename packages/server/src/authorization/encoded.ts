import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { LayerName } from '@omen-iam/policy'
import type { Vault } from '../base/index.ts'
import { type Call, callerArn } from './call.ts'
import { userIdOf } from './context.ts'
import type { Judged } from './verdict.ts'

const purpose = 'authorization-message'
/** The limit of a message; no policy and no request is large enough for a larger one. */
const mostBytes = 262_144
/** How long a message can be decoded, in milliseconds (behaviour MSG-3). */
const lifetime = 24 * 60 * 60 * 1000

/** The most characters of a message that STS accepts (behaviour MSG-5). */
const mostCharacters = 10_240

/**
 * Seals a denial as EC2 does: url-safe, and only this installation can open it; as much of it as there is room for.
 */
export function encodeRefusal(denied: Judged, call: Call): string {
  const message = decodedMessage(denied, call)
  let encoded = sealed(message, call)
  for (const shorten of shortenings) {
    if (encoded.length <= mostCharacters) break
    encoded = sealed(shorten(message), call)
  }
  return encoded
}

function sealed(message: DecodedMessage, call: Call): string {
  // the request's id is sealed too, so that the decision is found again; STS's decoded form lacks it
  const text = `${call.now} ${call.id} ${call.account.id}\n${JSON.stringify(message)}`
  return call.deps.vault.seal(purpose, deflateRawSync(Buffer.from(text, 'utf8'))).toString('base64url')
}

type DecodedMessage = ReturnType<typeof decodedMessage>

/** Parts that are left out, one after another, if there is too much (behaviour MSG-5). */
const shortenings: readonly ((message: DecodedMessage) => DecodedMessage)[] = [
  withoutStatements,
  withoutKeys,
  cut,
]

function withoutStatements(message: DecodedMessage): DecodedMessage {
  const items = message.matchedStatements.items.map((statement) => ({
    ...statement,
    actions: values([]),
    resources: values([]),
    conditions: { items: [] },
  }))
  return { ...message, matchedStatements: { items } }
}

function withoutKeys(message: DecodedMessage): DecodedMessage {
  const { context, ...rest } = withoutStatements(message)
  const items = context.conditions.items.filter(({ key }) => key.startsWith('aws:') && !key.includes('/'))
  return { ...rest, context: { ...context, conditions: { items } } }
}

/** The most characters of a text that is kept if nothing else helps: callers may send any number of them. */
const longestText = 500

function cut(message: DecodedMessage): DecodedMessage {
  const short = (_key: string, value: unknown) =>
    typeof value === 'string' ? value.slice(0, longestText) : value
  return JSON.parse(JSON.stringify(withoutKeys(message), short)) as DecodedMessage // of the same shape
}

/** The content of an encoded message: the refused request, and the JSON that STS decodes. */
export interface OpenedRefusal {
  readonly requestId: string
  /** The account of the request; no other account may read the message. */
  readonly account: string
  readonly json: string
}

/** Opens a message; undefined if it is not of this installation, was altered in any character, or is too old. */
export function openRefusal(vault: Vault, encoded: string, now: number): OpenedRefusal | undefined {
  const sealed = Buffer.from(encoded, 'base64url')
  // Buffer ignores line breaks and spare bits
  if (sealed.toString('base64url') !== encoded) return undefined
  const packed = vault.open(purpose, sealed)
  if (packed === undefined) return undefined
  const text = inflateRawSync(packed, { maxOutputLength: mostBytes }).toString('utf8')
  const end = text.indexOf('\n')
  const [time, requestId, account] = text.slice(0, end).split(' ')
  return now - Number(time) <= lifetime
    ? { requestId: requestId!, account: account!, json: text.slice(end + 1) }
    : undefined
}

/** AWS's principal of a permissions boundary's statements (behaviour MSG-4). */
const boundaryPrincipal = 'SCOPE_POLICY_ISSUER'

/** Returns the structure that sts:DecodeAuthorizationMessage returns (behaviour MSG-1). */
function decodedMessage(denied: Judged, call: Call) {
  const { decision, request, policies } = denied
  const { caller } = call
  // who may decode a message may not for that reason read the role (behaviour RSN-20)
  const isReadable = ({ layer }: { readonly layer: LayerName }) =>
    layer !== 'resource' || policies.grant !== 'trust'
  const name = caller.kind === 'user' ? { name: caller.user.name } : {}
  return {
    allowed: false,
    explicitDeny: decision.outcome === 'explicitDeny',
    matchedStatements: {
      items: decision.by.filter(isReadable).map(({ layer, statement }) => ({
        statementId: statement.sid ?? '',
        effect: 'DENY', // a denial names no Allow
        principals: values([layer === 'boundary' ? boundaryPrincipal : userIdOf(caller)]),
        principalGroups: { items: [] },
        actions: values(statement.action.values.map((each) => each.value)),
        resources: values((statement.resource?.values ?? []).map((each) => each.value)),
        conditions: {
          items: statement.condition.map((entry) => ({
            key: entry.key,
            values: values(entry.values.map((each) => each.value)),
          })),
        },
      })),
    },
    failures: { items: [] },
    context: {
      principal: { id: userIdOf(caller), ...name, arn: callerArn(call) },
      action: request.action,
      resource: request.resource,
      conditions: { items: conditions(denied, call) },
    },
  }
}

function values(texts: readonly string[]) {
  return { items: texts.map((value) => ({ value })) }
}

/** The order of keys in EC2's own messages (behaviour EC2-17); further ones follow. */
const ec2Order = [
  'ec2:InstanceMarketType',
  'aws:Resource',
  'aws:Account',
  'ec2:AvailabilityZone',
  'ec2:ebsOptimized',
  'ec2:IsLaunchTemplateResource',
  'ec2:InstanceType',
  'ec2:RootDeviceType',
  'aws:Region',
  'aws:Service',
  'ec2:InstanceID',
  'aws:Type',
  'ec2:Tenancy',
  'ec2:Region',
  'aws:ARN',
]

/** Returns the known facts of the resource and, for the service's own actions, its condition keys. */
function conditions({ access, request }: Judged, call: Call) {
  const [, , , , account = '', ...rest] = request.resource.split(':')
  const relative = rest.join(':')
  const isPassRole = request.action === 'iam:PassRole'
  const known: Record<string, string | readonly string[]> = {
    'aws:Region': call.region,
    'aws:Service': call.service.signingName,
    'aws:Resource': relative,
    ...(isPassRole ? { 'iam:RoleName': relative.slice(relative.lastIndexOf('/') + 1) } : {}),
    'aws:Type': relative.split('/')[0]!,
    'aws:Account': account,
    'aws:ARN': request.resource,
  }
  if (!isPassRole) {
    for (const [key, value] of Object.entries(access.context ?? {})) {
      if (value === undefined || key in known) continue
      known[key] = Array.isArray(value) ? value.map(String) : String(value)
    }
  }
  const items = Object.entries(known).map(([key, value]) => ({
    key,
    values: values(typeof value === 'string' ? [value] : value),
  }))
  if (isPassRole) return items
  const place = (key: string) => {
    const index = ec2Order.indexOf(key)
    return index < 0 ? ec2Order.length : index
  }
  return items.sort((a, b) => place(a.key) - place(b.key))
}
