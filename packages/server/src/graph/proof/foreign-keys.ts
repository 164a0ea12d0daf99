import {
  type ContextInput,
  type KeyDomain,
  type Principal,
  principalContext,
  type ResidualCondition,
} from '@omen-iam/policy'
import { ambientKeys } from '../request/caller.ts'
import { foreignOrganization } from '../request/foreign-organization.ts'
import { issuerOf, type Outsider } from '../request/outside.ts'
import type { CallerKeys } from '../request/variant.ts'
import type { World } from '../world/world.ts'
import type { Proof } from './finding.ts'

const anything: KeyDomain = { mayBeAbsent: true }
const present: KeyDomain = { mayBeAbsent: false }

/** The number in place of an account that nobody knows. */
const unknownAccount = '000000000000'

/** An outsider as the caller of a request. Of an account, some principal of it. */
export function foreignPrincipal(outsider: Outsider, partition: string): Principal {
  switch (outsider.is) {
    case 'service':
      return { type: 'service', names: [outsider.arn] }
    case 'federated':
      return outsider.kind === 'oidc'
        ? { type: 'webIdentity', provider: outsider.arn }
        : { type: 'saml', provider: outsider.arn }
    case 'anyone':
    case 'lent': // it acts only as what vouches for it
      return someUser(partition, unknownAccount)
    case 'account':
      return someUser(partition, outsider.account)
    case 'principal':
      return principalOf(outsider.arn, outsider.account, partition)
  }
}

function someUser(partition: string, account: string) {
  return { type: 'user', arn: `arn:${partition}:iam::${account}:user/not-in-view`, account } as const
}

function principalOf(arn: string, account: string, partition: string): Principal {
  const [, , , , , ...rest] = arn.split(':')
  const [kind = '', ...path] = rest.join(':').split('/')
  const name = path.at(-1) ?? ''
  if (kind === 'role')
    return {
      type: 'roleSession',
      roleArn: arn,
      sessionArn: `arn:${partition}:sts::${account}:assumed-role/${name}/omen`,
      account,
    }
  if (kind === 'assumed-role')
    return {
      type: 'roleSession',
      // The path of a role is not in the ARN of its sessions.
      roleArn: `arn:${partition}:iam::${account}:role/${path[0] ?? ''}`,
      sessionArn: arn,
      account,
    }
  if (kind === 'federated-user')
    return { type: 'federatedUser', arn, account, parent: someUser(partition, account) }
  return { type: 'user', arn, account }
}

/** The known and the open keys of an outsider's requests: nearly all are open. */
export function foreignKeys(outsider: Outsider, principal: Principal, world: World): CallerKeys {
  const { partition } = world
  const organization = foreignOrganization(outsider, world)
  const context: Record<string, ContextInput> = {
    'aws:SecureTransport': true,
    'aws:ViaAWSService': false,
    'aws:PrincipalIsAWSService': false,
    ...organization.context,
  }
  const open: Record<string, KeyDomain> = {
    ...ambientKeys,
    ...organization.open,
    'aws:PrincipalTag/*': anything,
    'aws:SourceIdentity': anything,
    'aws:userid': present,
    'aws:MultiFactorAuthPresent': { values: ['true', 'false'], mayBeAbsent: true },
    'aws:MultiFactorAuthAge': { range: { least: 0, most: 129_600 }, mayBeAbsent: true },
    'aws:TokenIssueTime': anything,
  }
  if (outsider.is === 'principal') {
    const { 'aws:userid': _id, ...known } = principalContext(principal)
    Object.assign(context, known)
    if (/:assumed-role\//.test(outsider.arn)) {
      delete context['aws:PrincipalArn']
      open['aws:PrincipalArn'] = ofAccount(partition, outsider.account)
    }
  } else {
    if (outsider.is === 'account') {
      context['aws:PrincipalAccount'] = outsider.account
      open['aws:PrincipalArn'] = ofAccount(partition, outsider.account)
    } else {
      open['aws:PrincipalAccount'] = present
      open['aws:PrincipalArn'] = present
    }
    open['aws:PrincipalType'] = { values: ['User', 'AssumedRole', 'FederatedUser'], mayBeAbsent: false }
    open['aws:username'] = anything
  }
  return { context, chosen: { 'aws:UserAgent': anything, 'aws:Referer': anything }, open }
}

/** The ARNs of principals of an account. */
function ofAccount(partition: string, account: string): KeyDomain {
  return {
    shape: [
      `arn:${partition}:iam::${account}:`,
      { variable: 'foreign.Principal', grammar: { values: ['user/', 'role/'] } },
      { variable: 'foreign.Name', grammar: { characters: 'a-zA-Z0-9_+=,.@/-', most: 512 } },
    ],
    mayBeAbsent: false,
  }
}

/** That nothing is asked of who the bearer of a token is. */
export function anyToken(
  proof: Proof,
  { kind, arn }: Extract<Outsider, { is: 'federated' }>,
): ResidualCondition {
  const key = kind === 'oidc' ? `${issuerOf(arn)}:sub` : 'SAML:sub'
  return conditionOf(proof, { operator: 'StringLike', key, values: ['*'] })
}

/** That the audience of a token is a client id of its provider, if no condition asks for one: IAM compares them. */
export function audienceOf(
  proof: Proof,
  outsider: Extract<Outsider, { is: 'federated' }>,
  clientIds: readonly string[] | undefined,
): readonly ResidualCondition[] {
  const key = `${issuerOf(outsider.arn)}:aud`
  const isAsked = proof.residual.some((each) => each.key.toLowerCase() === key.toLowerCase())
  if (clientIds === undefined || isAsked) return []
  return [conditionOf(proof, { operator: 'StringEquals', key, values: clientIds })]
}

/** A condition that the first request must meet, as if the statement that allows it had it. */
function conditionOf(
  { witness }: Proof,
  condition: Pick<ResidualCondition, 'operator' | 'key' | 'values'>,
): ResidualCondition {
  const [by] = witness.decisions[0]?.by ?? []
  if (by === undefined) throw new Error('a decision has a statement')
  return { ...condition, mustHold: true, asked: [0], by, span: by.statement.span }
}
