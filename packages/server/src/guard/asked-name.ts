import type { AccountId } from '../base/index.ts'
import type { IdentifiedCall } from './catalogue/index.ts'
import { objectIn } from './resource/answers.ts'

const arnOfGroup = /^arn:[^:]*:logs:[^:]*:([^:]*):log-group:([^:]+)(?::\*)?$/

/**
 * The body of a CloudWatch Logs call, with the log group's identifier replaced by the name of the log group that was
 * authorized: an endpoint may read the identifier as another group's (behaviour GRD-52). Undefined if nothing changes.
 * @param body the call's body, unpacked
 */
export function withAskedName(
  { service, packed, protocol }: IdentifiedCall,
  body: Uint8Array,
  account: AccountId,
): Uint8Array | undefined {
  if (service.id !== 'logs' || packed.input?.logGroupIdentifier === undefined) return undefined
  if (packed.input.logGroupName === undefined || protocol === 'rpcV2Cbor') return undefined
  const input = objectIn(Buffer.from(body).toString('utf8'))
  if (typeof input?.logGroupIdentifier !== 'string' || input.logGroupName !== undefined) return undefined
  const { logGroupIdentifier, ...others } = input
  const [, owner = account, logGroupName = logGroupIdentifier] = arnOfGroup.exec(logGroupIdentifier) ?? []
  if (owner !== account) return undefined
  return Buffer.from(JSON.stringify({ ...others, logGroupName }))
}
