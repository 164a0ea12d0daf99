import { createHash } from 'node:crypto'
import { authorize, type Call, otherAccount, refusalSentence, refuses } from '../authorization/index.ts'
import { type AccountId, factsOf, fault, iamArn, newId, samlAddress, uuid } from '../base/index.ts'
import {
  type Account,
  organizationAccounts,
  type PermissionSet,
  type PolicyReference,
  policies,
  provisionings,
  type Role,
  roles,
  samlProviderArn,
  samlProviders,
} from '../directory/index.ts'
import type { StoredEvent } from '../store/index.ts'
import { makeEvent } from '../trail/index.ts'
import { hex } from './ids.ts'
import { type CenterPlace, centerService } from './place.ts'

/** The longest session of a reserved role; the set's own duration is asked for at each use. */
const roleSeconds = 43_200
const inlineName = 'AwsSSOInlinePolicy'
const century = 3_155_760_000_000

/** A permission set that cannot be made in an account, in the words of a status. */
export class ProvisioningFailure {
  readonly reason: string
  constructor(status: number, reason: string) {
    this.reason = `Received a ${status} status error: ${reason}`
  }
}

/** Says what the role of a set is made of; another text means that it must be provisioned again. */
export function hashOfSet({
  description,
  duration,
  relayState,
  inline,
  managed,
  referred,
  boundary,
}: PermissionSet) {
  const whole = { description, duration, relayState, inline, managed, referred, boundary }
  return createHash('sha256').update(JSON.stringify(whole)).digest('base64url').slice(0, 22)
}

/**
 * Makes the role of a permission set in an account, or makes it as the set is now (behaviours SSO-40 to SSO-46). Returns the
 * events of the account. @throws ProvisioningFailure
 */
export function provision(
  set: PermissionSet,
  place: CenterPlace,
  id: AccountId,
  call: Call,
): readonly StoredEvent[] {
  const account = memberAccount(place, id, call)
  const { owner } = place
  if (id === owner.id) askOwnPermission(account, call)
  const table = owner.table(provisionings)
  const known = table.find(`${id} ${set.id}`)
  const before = known && account.table(roles).find(known.roleId)
  const attached = [...set.managed, ...set.referred.map((reference) => policyOf(account, reference))]
  const boundaryArn = boundaryOf(set, account)
  const provider = providerOf(place, account, call)
  const role: Role = {
    ...(before ?? {
      id: newId('AROA', id, call.deps.random),
      name: `AWSReservedSSO_${set.name}_${hex(16, call.deps.random)}`,
      path: reservedPath(place),
      createdAt: call.now,
    }),
    inline: set.inline === undefined ? {} : { [inlineName]: set.inline },
    attached,
    trust: trustOf(samlProviderArn(account, provider), account),
    maxSessionSeconds: roleSeconds,
    tags: [],
    reservedBy: centerService,
    ...(set.description !== undefined && { description: set.description }),
    ...(boundaryArn !== undefined && { boundaryArn }),
  }
  account.table(roles).put(role)
  table.put({ account: id, set: set.id, roleId: role.id, hash: hashOfSet(set) })
  const events = attached.map((policyArn) =>
    madeEvent('AttachRolePolicy', { roleName: role.name, policyArn }, id, call),
  )
  if (set.inline !== undefined) {
    const parameters = { roleName: role.name, policyName: inlineName, policyDocument: set.inline }
    events.push(madeEvent('PutRolePolicy', parameters, id, call))
  }
  if (before !== undefined) return events
  const created = { path: role.path, roleName: role.name, maxSessionDuration: roleSeconds }
  return [madeEvent('CreateRole', { ...created, assumeRolePolicyDocument: role.trust }, id, call), ...events]
}

/** Takes the role of a permission set away from an account; its sessions end with it. */
export function unprovision(
  set: string,
  place: CenterPlace,
  id: AccountId,
  call: Call,
): readonly StoredEvent[] {
  const table = place.owner.table(provisionings)
  const known = table.find(`${id} ${set}`)
  if (known === undefined) return []
  table.delete(`${id} ${set}`)
  const account = otherAccount(call, id)
  const role = account?.table(roles).find(known.roleId)
  if (account === undefined || role === undefined) return []
  account.table(roles).delete(role.id)
  account.usage.forget(role.id)
  return [madeEvent('DeleteRole', { roleName: role.name }, id, call)]
}

/** The member of the organization in which a set is to be provisioned. @throws ProvisioningFailure, Fault */
function memberAccount({ owner }: CenterPlace, id: AccountId, call: Call): Account {
  const member = owner.table(organizationAccounts).find(id)
  const account = member?.status === 'ACTIVE' ? otherAccount(call, id) : undefined
  if (account === undefined)
    throw fault('ResourceNotFoundException', `AWS account ${id} could not be found.`, 400)
  return account
}

/** In the management account the caller's own permissions count, and no delegated administrator works (behaviour SSO-44). */
function askOwnPermission(account: Account, call: Call): void {
  if (!refuses(call.mode)) return
  if (call.account.id !== account.id)
    throw fault(
      'AccessDeniedException',
      'A delegated administrator cannot change access to the management account.',
      400,
    )
  const role = iamArn(account, 'role', '/aws-reserved/sso.amazonaws.com/', '*')
  const provider = samlProviderArn(account, 'AWSSSO_*')
  const asked = [
    ['iam:GetSAMLProvider', provider],
    ['iam:CreateRole', role],
    ['iam:AttachRolePolicy', role],
    ['iam:PutRolePolicy', role],
  ] as const
  const { denied } = authorize(
    asked.map(([action, resource]) => ({ action, resource })),
    call,
  )
  if (denied !== undefined) throw new ProvisioningFailure(403, refusalSentence(denied))
}

function policyOf(account: Account, { name, path }: PolicyReference): string {
  const policy = account.table(policies).findBy('name', name.toLowerCase())
  const arn = iamArn(account, 'policy', path, name)
  if (policy === undefined || policy.path !== path)
    throw new ProvisioningFailure(404, `Not supported policy ${arn}.`)
  return arn
}

function boundaryOf({ boundary }: PermissionSet, account: Account): string | undefined {
  if (boundary === undefined) return undefined
  return 'arn' in boundary ? boundary.arn : policyOf(account, boundary.reference)
}

/** The path of reserved roles: without the region where the instance is at home in us-east-1. */
function reservedPath({ center, owner }: CenterPlace): string {
  const region = center.region === factsOf(owner.partition).globalRegion ? '' : `${center.region}/`
  return `/aws-reserved/${centerService}/${region}`
}

/** Whether a SAML provider is one that IAM Identity Center makes: the server speaks for its people in memory. */
export function isCenterProvider(name: string): boolean {
  return /^AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE$/.test(name)
}

/** The name of the SAML provider of an instance in an account: the one that is there, such as an imported one. */
export function providerName({ center }: CenterPlace, account: Account): string {
  for (const { name } of account.table(samlProviders).values()) if (isCenterProvider(name)) return name
  const digits = createHash('sha256').update(`${center.id} ${account.id}`).digest('hex').slice(0, 16)
  return `AWSSSO_${digits}_DO_NOT_DELETE`
}

/** Makes the account's provider where there is none, or none any more. */
function providerOf(place: CenterPlace, account: Account, call: Call): string {
  const name = providerName(place, account)
  const table = account.table(samlProviders)
  if (table.findBy('name', name.toLowerCase()) !== undefined) return name
  const entityId = issuerOf(place, account.id)
  table.put({
    id: newId('ASCA', account.id, call.deps.random),
    name,
    path: '/',
    createdAt: call.now,
    metadata: `<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"><md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></md:EntityDescriptor>`,
    entityId,
    // no assertion can be signed for it: the server speaks for its people in memory
    signingCertificates: [],
    validUntil: call.now + century,
    privateKeys: [],
    tags: [],
  })
  return name
}

/** `saml:iss` of the sessions of an account. */
export function issuerOf({ center }: CenterPlace, account: AccountId): string {
  const id = Buffer.from(`${account}_${center.id.replace(/^sso/, '')}`).toString('base64')
  return `https://portal.sso.${center.region}.amazonaws.com/saml/assertion/${id}`
}

function trustOf(provider: string, { partition }: Account): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
        Condition: { StringEquals: { 'SAML:aud': samlAddress(partition) } },
      },
    ],
  })
}

/** An event of IAM in the account, as the service makes the call. */
function madeEvent(
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  account: AccountId,
  { now, deps }: Call,
): StoredEvent {
  return makeEvent({
    account,
    id: uuid(deps.random),
    time: now,
    identity: { type: 'AWSService', invokedBy: centerService },
    username: undefined,
    source: 'iam.amazonaws.com',
    name,
    region: factsOf(deps.partition).globalRegion,
    sourceIp: centerService,
    userAgent: centerService,
    requestParameters: parameters,
    responseElements: null,
    requestId: uuid(deps.random),
    readOnly: false,
    type: 'AwsApiCall',
  })
}
