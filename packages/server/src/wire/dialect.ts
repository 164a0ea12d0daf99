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

/** The dialect in which a protocol's faults are written. */
export function dialectOfProtocol(protocol: Protocol): Dialect {
  return dialects[protocol]
}

/** The dialect in which a route, or a dialect itself, is answered. */
export function dialectOf(to: Route | Dialect): Dialect {
  if (typeof to === 'string') return to
  return to.json === true ? 'queryJson' : dialects[to.service.protocol]
}
