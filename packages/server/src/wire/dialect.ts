import type { Protocol } from '../model/index.ts'
import type { Dialect, Route } from './types.ts'

const dialects: Readonly<Record<Protocol, Dialect>> = {
  awsQuery: 'query',
  ec2Query: 'ec2',
  awsJson1_0: 'json10',
  awsJson1_1: 'json11',
  restJson: 'restJson',
  restXml: 'restXml',
}

/** Returns the dialect of a protocol's faults. */
export function dialectOfProtocol(protocol: Protocol): Dialect {
  return dialects[protocol]
}

/** Returns the dialect that answers a route, or the dialect itself. */
export function dialectOf(to: Route | Dialect): Dialect {
  if (typeof to === 'string') return to
  return to.json === true ? 'queryJson' : dialects[to.service.protocol]
}
