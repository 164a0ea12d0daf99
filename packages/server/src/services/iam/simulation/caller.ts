import { Context, type Principal, principalContext } from '@omen-iam/policy'
import { addOrganizationKeys, type Call } from '../../../authorization/index.ts'
import { type ArnOwner, iamArn, isoSeconds, parseAccountId, parseArn } from '../../../base/index.ts'
import type { Tag } from '../../../directory/index.ts'
import { type Entity, findEntity } from '../entity.ts'
import { invalidInput } from '../faults.ts'

/** The caller of a simulation. */
export interface SimulatedCaller {
  /** A group cannot call; the question is about one of its users, without a name. */
  readonly type: 'user' | 'group' | 'role'
  readonly account: string
  readonly principal: Principal
  readonly tags: readonly Tag[]
  /** Whether the caller's tags and aws:userid are known, beyond its ARN. */
  readonly isNamed: boolean
  readonly linked: boolean
}

/**
 * `asked` is the entity that the permission was asked on. For any other, neither tags nor ids are used: their own
 * operations permit reading those (behaviour SIM-11). @throws Fault InvalidInput if the ARN is of nothing that could
 * call (behaviour SIM-6)
 */
export function simulatedCaller(arn: string, call: Call, asked?: Entity): SimulatedCaller {
  const parts = parseArn(arn)
  const account = parts && parseAccountId(parts.account)
  const type = parts?.resource.split('/', 1)[0]
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  const named = parts?.service === 'iam' && account !== undefined && name !== ''
  if (!named || (type !== 'user' && type !== 'group' && type !== 'role')) {
    throw invalidInput(`Invalid caller - ${arn} is not the ARN of an IAM user, group or role.`)
  }
  const entity = findEntity(call.account, arn)
  const id = entity === undefined ? {} : { id: entity.record.id }
  const isNamed = asked !== undefined && asked.record === entity?.record
  const tags = !isNamed || asked.type === 'group' ? [] : asked.record.tags
  if (type !== 'role') {
    return { type, account, principal: { type: 'user', arn, account, ...id }, tags, isNamed, linked: false }
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
  return { type, account, principal, tags, isNamed, linked }
}

/** A caller of whom only the account is known. */
export function nobodyOf(owner: ArnOwner): SimulatedCaller {
  const { id: account } = owner
  const principal: Principal = { type: 'user', arn: iamArn(owner, 'user', '/', ''), account }
  return { type: 'group', account, principal, tags: [], isNamed: false, linked: false }
}

/** Returns the condition keys of the caller and the clock (behaviour SIM-11). */
export function callerContext(caller: SimulatedCaller, call: Call): Context {
  const context = new Context(caller.type === 'group' ? {} : principalContext(caller.principal))
  context.set('aws:CurrentTime', isoSeconds(call.now)).set('aws:EpochTime', Math.floor(call.now / 1_000))
  if (!caller.isNamed) context.set('aws:userid', undefined)
  for (const tag of caller.tags) context.set(`aws:PrincipalTag/${tag.Key}`, tag.Value)
  if (caller.type !== 'group' && caller.account === call.account.id) {
    addOrganizationKeys(context, 'Principal', call.account, call.house.directory)
  }
  return context
}
