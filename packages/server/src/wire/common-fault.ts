import { Fault } from '../base/index.ts'
import type { Member, ServiceModel } from '../model/index.ts'
import { dialectOf, dialectOfProtocol } from './dialect.ts'
import type { Dialect, Route } from './types.ts'

/** Faults of every AWS service; each family of protocols has its own name for them (behaviour WIRE-20). */
export type CommonFault = keyof typeof table

type Name = readonly [code: string, status: number]
type Family = 'query' | 'ec2' | 'json' | 'restJson' | 'restXml'

const families: Readonly<Record<Dialect, Family>> = {
  query: 'query',
  queryJson: 'query',
  ec2: 'ec2',
  json10: 'json',
  json11: 'json',
  restJson: 'restJson',
  restXml: 'restXml',
}

const table = {
  internalFailure: {
    query: ['InternalFailure', 500],
    ec2: ['InternalError', 500],
    json: ['InternalFailure', 500],
    restJson: ['InternalFailure', 500],
    restXml: ['InternalError', 500],
  },
  malformed: {
    query: ['MalformedInput', 400],
    ec2: ['InvalidParameterValue', 400],
    json: ['SerializationException', 400],
    restJson: ['SerializationException', 400],
    restXml: ['MalformedXML', 400],
  },
  unknownOperation: {
    query: ['InvalidAction', 400],
    ec2: ['InvalidAction', 400],
    json: ['UnknownOperationException', 400],
    restJson: ['UnknownOperationException', 404],
    restXml: ['MethodNotAllowed', 405],
  },
  // A code that no AWS service returns: an operation that AWS has and Omen lacks. It never succeeds silently.
  notImplemented: {
    query: ['NotImplemented', 501],
    ec2: ['NotImplemented', 501],
    json: ['NotImplemented', 501],
    restJson: ['NotImplemented', 501],
    restXml: ['NotImplemented', 501],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Family, Name>>>>

/** Returns a fault common to all services, with the code and status of the protocol's family. */
export function commonFault(to: Route | Dialect, kind: CommonFault, message: string): Fault {
  const dialect = dialectOf(to)
  const family = families[dialect]
  const [code, status] = table[kind][family]
  return new Fault(code, message, status)
}

/** Returns the answer for an operation that AWS has and Omen does not implement. */
export function notImplemented(to: Route | Dialect, service: string, operation: string): Fault {
  return commonFault(to, 'notImplemented', `Omen does not implement ${service}:${operation}`)
}

/**
 * Refuses a structure with a member that AWS has and no published model has. Other members that the model lacks are passed over.
 * @throws Fault NotImplemented (behaviour WIRE-92)
 */
export function refuseOmittedMembers(
  { title, protocol, omittedMembers }: ServiceModel,
  members: Readonly<Record<string, Member>>,
  isGiven: (name: string) => boolean,
): void {
  const name = omittedMembers?.find((each) => !Object.hasOwn(members, each) && isGiven(each))
  if (name === undefined) return
  throw commonFault(
    dialectOfProtocol(protocol),
    'notImplemented',
    `Omen does not implement ${name} of ${title}`,
  )
}
