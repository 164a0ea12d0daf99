import {
  Context,
  type ContextInput,
  combine,
  evaluate,
  type Principal,
  principalContext,
} from '@omen-iam/policy'
import { type AccountId, accountInArn, isoSeconds, parseAccountId, perObject } from '../base/index.ts'
import type { Directory } from '../directory/index.ts'
import type { Asked, KeptKeys, StoredEvent } from '../store/index.ts'
import { addKeys, forwardingKeys } from './context.ts'
import { organizationPolicies, resourceLayers } from './gather.ts'
import { furtherKeys } from './kept-keys.ts'
import { addOrganizationKeys } from './organization.ts'

/** The members of a record that condition keys follow from. */
interface Recorded {
  readonly userIdentity: RecordedIdentity
  readonly awsRegion: string
  readonly sourceIPAddress: string
  readonly userAgent: string
}

interface RecordedIdentity {
  readonly type?: string
  readonly principalId?: string
  readonly arn?: string
  readonly accountId?: string
  readonly invokedBy?: string
  readonly identityProvider?: string
  readonly sessionContext?: {
    readonly sessionIssuer?: { readonly arn?: string }
    readonly attributes?: { readonly creationDate?: string; readonly mfaAuthenticated?: string }
    readonly webIdFederationData?: unknown
    readonly sourceIdentity?: string
    readonly assumedRoot?: string
  }
}

/** The condition keys by which a question of a past call was decided. */
export interface EventContext {
  readonly context: Context
  /** Whether the value of a key (in lower case) was not kept with the event. */
  isUnknown(key: string): boolean
}

/**
 * The condition keys of a question that an event's call asked: what its record says, what was kept beside it (behaviour
 * TRL-91), and the organization as it is now, of accounts that are in memory.
 */
export function contextOfEvent(event: StoredEvent, asked: Asked, directory: Directory): EventContext {
  const record = recordOf(event)
  const context = recordedKeys(event, record)
  addAccounts(context, event, asked, directory)
  const kept = [event.callerKeys, asked.keys]
  for (const keys of kept) for (const key in keys) context.set(key, keys[key] ?? undefined)
  // a service that asks with the caller's credentials has no network that policies could use
  if (asked.keys?.['aws:viaawsservice'] === 'true') context.set('aws:SourceIp', undefined)
  context.set('iam:PassedToService', asked.passedTo)
  return {
    context,
    isUnknown: (key) => {
      if (context.lookup(key) !== undefined) return false
      if (event.callerKeys === undefined) return !fromRecord.has(key)
      return kept.some((keys) => isNotKept(key, keys))
    },
  }
}

const recordOf = perObject(({ json }: StoredEvent) => JSON.parse(json) as Recorded) // what makeEvent wrote

/** Keys that a record says, or says to be absent. */
const fromRecord = new Set(
  [
    'CalledVia CalledViaFirst CalledViaLast CurrentTime EpochTime MultiFactorAuthPresent PrincipalAccount PrincipalArn',
    'PrincipalIsAWSService PrincipalOrgID PrincipalOrgPaths PrincipalType RequestedRegion SourceIp TokenIssueTime UserAgent',
    'userid username ViaAWSService',
  ].flatMap((line) => line.split(' ').map((name) => `aws:${name.toLowerCase()}`)),
)

function isNotKept(key: string, keys: KeptKeys | undefined): boolean {
  return keys !== undefined && (keys[key] === null || (furtherKeys in keys && !(key in keys)))
}

function recordedKeys({ time }: StoredEvent, record: Recorded): Context {
  const { userIdentity: identity } = record
  const context = new Context(identityKeys(identity))
  context.set('aws:CurrentTime', isoSeconds(time))
  context.set('aws:EpochTime', Math.floor(time / 1000))
  context.set('aws:SecureTransport', false) // kept beside the record if it was true
  context.set('aws:RequestedRegion', record.awsRegion)
  const via = identity.type === 'AWSService' ? undefined : identity.invokedBy
  const forwarding = forwardingKeys([via])
  addKeys(context, forwarding ?? { 'aws:ViaAWSService': false })
  context.set('aws:UserAgent', record.userAgent)
  if (forwarding === undefined && identity.type !== 'AWSService')
    context.set('aws:SourceIp', record.sourceIPAddress)
  return context
}

function identityKeys(identity: RecordedIdentity): Record<string, ContextInput> {
  const { sessionContext: session } = identity
  const isVouchedFor = identity.type === 'FederatedUser' || session?.webIdFederationData !== undefined
  const keys: Record<string, ContextInput> = { ...principalKeys(identity) }
  if (session?.attributes?.creationDate !== undefined)
    keys['aws:TokenIssueTime'] = session.attributes.creationDate
  if (session?.attributes?.mfaAuthenticated !== undefined && !isVouchedFor)
    keys['aws:MultiFactorAuthPresent'] = session.attributes.mfaAuthenticated
  if (session?.sourceIdentity !== undefined) keys['aws:SourceIdentity'] = session.sourceIdentity
  if (session?.assumedRoot === 'true') keys['aws:AssumedRoot'] = true
  return keys
}

function principalKeys(identity: RecordedIdentity): Readonly<Record<string, ContextInput>> {
  return principalContext(principalIn(identity))
}

/** The principal that made an event's call. The parent of a federated user is taken for root. */
function principalIn(identity: RecordedIdentity): Principal {
  const { type, arn = '', accountId: account = '', principalId: id = '', sessionContext: session } = identity
  const issuer = session?.sessionIssuer?.arn ?? ''
  switch (type) {
    case 'Root':
      return { type: 'root', arn, account }
    case 'IAMUser':
      return { type: 'user', arn, account, id }
    case 'AssumedRole':
      return {
        type: 'roleSession',
        sessionArn: arn,
        roleArn: issuer,
        account,
        roleId: id.slice(0, id.indexOf(':')),
        // the path of these roles is AWS's own (behaviour POL-016)
        serviceLinked: issuer.includes(':role/aws-service-role/'),
      }
    case 'FederatedUser':
      return { type: 'federatedUser', arn, account, parent: { type: 'root', arn: issuer, account } }
    case 'AWSService':
      return { type: 'service', names: [identity.invokedBy ?? ''] }
    case 'WebIdentityUser':
      return { type: 'webIdentity', provider: identity.identityProvider ?? '' }
    case 'SAMLUser':
      return { type: 'saml', provider: identity.identityProvider ?? '' }
    default:
      return { type: 'anonymous' }
  }
}

/**
 * Whether SCPs of the caller's account or RCPs of the resource's would refuse a question of a past call, whatever other
 * policies say. Of accounts that are not in memory nothing is known.
 */
export function organizationRefuses(
  event: StoredEvent,
  { action, resource, owner: named }: Asked,
  context: Context,
  directory: Directory,
): 'scp' | 'rcp' | undefined {
  const principal = principalIn(recordOf(event).userIdentity)
  const account = 'account' in principal ? parseAccountId(principal.account) : undefined
  const caller = account && directory.loaded(account)
  if (caller === undefined) return undefined
  const owner = directory.loaded(named ?? accountInArn(resource) ?? caller.id)
  // as if the resource were the caller's own: what its policy says is another question
  const request = { principal, action, resource, context, resourceAccount: caller.id }
  const scps = organizationPolicies(caller, directory)
  if (evaluate(request, scps).outcome !== 'allowed') return 'scp'
  const both = combine(scps, resourceLayers(undefined, owner, directory, action))
  return evaluate(request, both).outcome === 'allowed' ? undefined : 'rcp'
}

/** Whose the resource is, and the organizations of both sides. */
function addAccounts(context: Context, event: StoredEvent, asked: Asked, directory: Directory): void {
  const owner = asked.owner ?? accountInArn(asked.resource) ?? event.account
  context.set('aws:ResourceAccount', owner)
  addOf('Resource', owner)
  const principal = context.lookup('aws:principalaccount')
  if (typeof principal === 'string') addOf('Principal', parseAccountId(principal))

  function addOf(side: 'Principal' | 'Resource', id: AccountId | undefined): void {
    const account = id && directory.loaded(id)
    const management = account?.settings.managementAccount
    if (account && management && directory.loaded(management))
      addOrganizationKeys(context, side, account, directory)
  }
}
