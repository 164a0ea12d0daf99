import type { CallProtocol } from '../../packages/server/src/guard/catalogue/index.ts'
import type { RawModel } from '../models/botocore.ts'

/** An operation of a botocore model, as far as the guard's catalogue reads it. */
export type RawOperation = RawModel['operations'][string] & { readonly deprecated?: boolean }

const names: Readonly<Record<string, CallProtocol>> = {
  query: 'awsQuery',
  ec2: 'ec2Query',
  'rest-json': 'restJson',
  'rest-xml': 'restXml',
  'smithy-rpc-v2-cbor': 'rpcV2Cbor',
}

/** The protocols that a service speaks, the one that it prefers first. */
export function protocolsOf({ metadata }: RawModel): readonly CallProtocol[] {
  const { protocol, protocols = [], jsonVersion, awsQueryCompatible } = metadata
  // Services that have gone over to newer protocols still know the query form of old.
  const all = [protocol, ...protocols, ...(awsQueryCompatible ? ['query'] : [])]
  const spoken = all.map((name) => {
    if (name === 'json') return jsonVersion === '1.0' ? 'awsJson1_0' : 'awsJson1_1'
    const known = names[name]
    if (known === undefined) throw new Error(`${metadata.serviceId} speaks ${name}`)
    return known
  })
  return [...new Set(spoken)]
}

/** Whether an operation is called without a signature. */
export function isOpen({ authtype }: RawOperation): boolean {
  return authtype === 'none'
}

/** Whether an operation's body is bytes or a text, and no structure. */
export function isRaw({ shapes }: RawModel, { input }: RawOperation): boolean {
  const shape = input && shapes[input.shape]
  const member = shape?.payload === undefined ? undefined : shape.members?.[shape.payload]
  const type = member && shapes[member.shape]?.type
  return type === 'blob' || type === 'string'
}
