import {
  type AccessRequest,
  type Call,
  judge,
  type Origin,
  principalOf,
} from '../../packages/server/src/authorization/index.ts'
import { roles, users } from '../../packages/server/src/directory/index.ts'
import { findOperation, loadModel, type ServiceId } from '../../packages/server/src/model/index.ts'
import type { Caller, SessionClaims } from '../../packages/server/src/session/index.ts'
import {
  allow,
  arnOf,
  closed,
  document,
  management,
  now,
  outside,
  pay,
  tag,
  type World,
  world,
} from './accounts.ts'

const origin: Origin = {
  sourceIp: '192.0.2.7',
  userAgent: 'aws-cli/2',
  host: 'iam.amazonaws.com',
  secure: false,
}

/** What a case changes of a call. */
export interface CallChanges {
  readonly origin?: Partial<Origin>
  readonly region?: string
  readonly operation?: string
  readonly session?: Partial<SessionClaims>
}

/** A call by one of the callers below: `alice`, `alice/mfa`, `work/tags` … */
export function callOf(
  who: string,
  operation: string,
  { deps, account }: World,
  changes: CallChanges = {},
): Call {
  const [serviceName = '', name = ''] = operation.split(':')
  const service = loadModel(serviceName as ServiceId)
  const caller = callerOf(who, { account }, changes.session)
  return {
    id: '11111111-2222-3333-4444-555555555555',
    now,
    service,
    operation: findOperation(service, name)!,
    region: changes.region ?? 'eu-central-1',
    caller,
    account: account(caller.account),
    origin: { ...origin, ...changes.origin },
    deps,
    mode: deps.mode,
  }
}

export const question: AccessRequest = {
  action: 'iam:GetUser',
  resource: 'arn:aws:iam::222222222222:user/bob',
}

/** A question about bob, and what is said of it. */
export function denied(who: string, operation: string, access: Partial<AccessRequest> = {}) {
  const call = callOf(who, operation, world())
  return { call, one: judge({ ...question, ...access }, principalOf(call.caller), call) }
}

const keyId = 'ASIAEXAMPLE'
/** The long-term key of a user; alice and bob have one. */
const longTerm = (name: string) => `AKIA${name.toUpperCase()}`
const common = {
  accessKeyId: keyId,
  secretAccessKey: 'secret',
  issuedAt: now - 90_500,
  expiresAt: now + 3_600_000,
}
const scope = (Action: string, Resource = '*') => document(allow(Action, { Resource, Sid: 'Scope' }))

const roleSessions: Readonly<Record<string, object>> = {
  plain: {},
  mfa: { mfaAt: now - 61_500 },
  inline: { policies: { inline: document(allow('s3:GetObject', { Sid: 'Session' })), arns: [] } },
  arns: {
    policies: { arns: [arnOf(pay, 'policy/p/read'), 'arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess'] },
  },
  gone: { policies: { inline: document(allow('*')), arns: [arnOf(pay, 'policy/gone')] } },
  tags: {
    tags: [tag('TEAM', 'session'), tag('cost', '8'), tag('new', '1')],
    transitiveTagKeys: ['new'],
    sourceIdentity: 'alice',
  },
  chained: { origin: 'role', chain: [arnOf(pay, 'user/people/Alice'), arnOf(pay, 'role/first')] },
  service: {
    origin: 'service',
    service: 'lambda.amazonaws.com',
    serviceKeys: { 'lambda:SourceFunctionArn': `arn:aws:lambda:eu-central-1:${pay}:function:f` },
  },
  oidc: {
    origin: 'webIdentity',
    federated: {
      provider: arnOf(pay, 'oidc-provider/id.example.com'),
      keys: { 'id.example.com:sub': ['person'], 'id.example.com:amr': ['a', 'b'] },
    },
  },
  saml: {
    origin: 'saml',
    federated: { provider: arnOf(pay, 'saml-provider/corp'), keys: { 'saml:sub': ['person'] } },
    mfaAt: now - 5_000,
  },
  scoped: { scopes: [scope('s3:*'), scope('s3:GetObject', 'arn:aws:s3:::b/*')] },
}

/** One of the callers of a case. */
export function callerOf(
  who: string,
  { account }: Pick<World, 'account'>,
  changes: Partial<SessionClaims> = {},
): Caller {
  const [name = '', form] = who.split('/')
  const own = account(pay)
  const root = `arn:aws:iam::${pay}:root`
  const user = (name: string) => own.table(users).findBy('name', name)
  const role = own.table(roles).findBy('name', name.toLowerCase())
  if (role !== undefined) {
    return {
      kind: 'role',
      account: pay,
      arn: `arn:aws:sts::${pay}:assumed-role/${role.name}/s`,
      roleArn: arnOf(pay, `role${role.path}${role.name}`),
      role,
      accessKeyId: keyId,
      session: {
        kind: 'role',
        account: pay,
        ...common,
        roleId: role.id,
        sessionName: 's',
        origin: 'user',
        chain: [arnOf(pay, 'user/people/Alice')],
        ...roleSessions[form ?? 'plain'],
        ...changes,
      } as SessionClaims & { readonly kind: 'role' },
    }
  }
  const sessionOf = (owner: string) =>
    ({ kind: 'user', account: pay, ...common, userId: user(owner)?.id ?? 'root', ...changes }) as const
  const session =
    form === undefined
      ? {}
      : {
          session: {
            ...sessionOf(name),
            ...(form === 'mfa' ? { mfaAt: now - 61_500 } : {}),
            ...(form === 'console' ? { signIn: 'sign-in' } : {}),
          } as SessionClaims & { readonly kind: 'user' },
        }
  switch (name) {
    case 'root':
      return { kind: 'root', account: pay, arn: root, accessKeyId: keyId, ...session }
    case 'federated': {
      const issuer = form === 'root' ? undefined : user(form ?? 'alice')
      return {
        kind: 'federated',
        account: pay,
        arn: `arn:aws:sts::${pay}:federated-user/guest`,
        issuer,
        issuerArn: issuer === undefined ? root : arnOf(pay, `user${issuer.path}${issuer.name}`),
        accessKeyId: keyId,
        session: {
          kind: 'federated',
          account: pay,
          ...common,
          name: 'guest',
          issuerId: issuer?.id ?? 'root',
          policies: { inline: document(allow('*', { Sid: 'Guest' })), arns: [] },
          tags: [tag('guest', 'yes')],
          ...changes,
        } as SessionClaims & { readonly kind: 'federated' },
      }
    }
    case 'assumedRoot':
      return {
        kind: 'assumedRoot',
        account: pay,
        arn: root,
        accessKeyId: keyId,
        session: {
          kind: 'assumedRoot',
          account: pay,
          ...common,
          taskPolicyArn: `arn:aws:iam::aws:policy/root-task/${form ?? 'IAMAuditRootUserCredentials'}`,
          chain: [arnOf(management, 'user/chief')],
          ...changes,
        } as SessionClaims & { readonly kind: 'assumedRoot' },
      }
    case 'service':
      return {
        kind: 'service',
        account: pay,
        name: 'ec2.amazonaws.com',
        ...(form === undefined ? {} : { names: ['ec2.amazonaws.com', form] }),
      }
    case 'webIdentity':
    case 'saml':
      return {
        kind: name,
        account: pay,
        assertion: {
          provider: arnOf(pay, name === 'saml' ? 'saml-provider/corp' : 'oidc-provider/id.example.com'),
          subject: 'person',
          issuer: 'https://id.example.com',
          audience: 'aud',
          keys: {},
          tags: [],
          transitiveTagKeys: [],
        },
      } as unknown as Caller // what only STS reads of an assertion is left out
    case 'anonymous':
      return { kind: 'anonymous', account: pay }
    default: {
      const owner = [management, pay, closed, outside].find(
        (id) => account(id).table(users).findBy('name', name) !== undefined,
      )!
      const found = account(owner).table(users).findBy('name', name)!
      const arn = arnOf(owner, `user${found.path}${found.name}`)
      return {
        kind: 'user',
        account: owner,
        arn,
        user: found,
        accessKeyId: form === undefined ? longTerm(name) : keyId,
        ...session,
      }
    }
  }
}
