import { Context, type Principal, principalContext } from '@omen-iam/policy'
import { addOrganizationKeys, type Call } from '../../../authorization/index.ts'
import { type ArnOwner, iamArn, isoSeconds, parseAccountId, parseArn } from '../../../base/index.ts'
import type { Tag } from '../../../directory/index.ts'
import { type Entity, findEntity } from '../entity.ts'
import { invalidInput } from '../faults.ts'

/** The caller of a simulation. */
export interface SimulatedCaller {
  /** A group cannot call; the question is about one of its users, without a name. */
  readonly type: 'user' | 'group' | 'role' | 'nobody'
  /** Undefined of nobody. */
  readonly arn: string | undefined
  readonly account: string
  readonly principal: Principal
  readonly tags: readonly Tag[]
  readonly linked: boolean
}

/**
 * `asked` is the entity that the permission was asked on. For any other, tags are not used: their own operations permit reading those
 * (behaviour SIM-11). @throws Fault InvalidInput if the ARN is of nothing that could call (behaviour SIM-6)
 */
export function simulatedCaller(arn: string, call: Call, asked?: Entity): SimulatedCaller {
  const parts = parseArn(arn)
  const account = parts && parseAccountId(parts.account)
  const type = parts?.resource.split('/', 1)[0]
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  const namesEntity = parts?.service === 'iam' && account !== undefined && name !== ''
  if (!namesEntity || (type !== 'user' && type !== 'group' && type !== 'role')) {
    throw invalidInput('Invalid caller - Caller must be an IAM user, role or group in this context.')
  }
  const entity = findEntity(call.account, arn)
  const id = entity === undefined ? {} : { id: entity.record.id }
  const isAsked = asked !== undefined && asked.record === entity?.record
  const tags = !isAsked || asked.type === 'group' ? [] : asked.record.tags
  if (type !== 'role') {
    return { type, arn, account, principal: { type: 'user', arn, account, ...id }, tags, linked: false }
  }
  const linked = entity?.type === 'role' && entity.record.linkedService !== undefined
  const principal: Principal = {
    type: 'roleSession',
    sessionArn: `arn:${parts.partition}:sts::${account}:assumed-role/${name}/simulated`,
    roleArn: arn,
    account,
    ...(entity === undefined ? {} : { roleId: entity.record.id }),
    serviceLinked: linked,
  }
  return { type, arn, account, principal, tags, linked }
}

/** A caller of whom only the account is known. */
export function nobodyOf(owner: ArnOwner): SimulatedCaller {
  const { id: account } = owner
  const principal: Principal = { type: 'user', arn: iamArn(owner, 'user', '/', ''), account }
  return { type: 'nobody', arn: undefined, account, principal, tags: [], linked: false }
}

/** The aws:userid of a simulation without a caller. */
const nobodysId = 'STUB_PRINCIPAL_FOR_POLICY_SIMULATOR'

/** Returns the condition keys of the caller and the clock (behaviours SIM-11 and SIM-48). */
export function callerContext(caller: SimulatedCaller, call: Call): Context {
  const { type, account, arn, principal, tags } = caller
  const context = new Context(type === 'user' || type === 'role' ? principalContext(principal) : {})
  context.set('aws:CurrentTime', isoSeconds(call.now)).set('aws:EpochTime', Math.floor(call.now / 1_000))
  context.set('aws:userid', arn ?? nobodysId).set('aws:PrincipalAccount', account)
  for (const tag of tags) context.set(`aws:PrincipalTag/${tag.Key}`, tag.Value)
  if (arn !== undefined && account === call.account.id) {
    addOrganizationKeys(context, 'Principal', call.account, call.deps.directory)
  }
  return context
}
