import type { OneOrMany, World } from '../case.ts'
import { list } from './answer.ts'
import { type Caller, readCaller, roleName } from './caller.ts'

export interface Seen {
  readonly values: readonly string[]
  readonly isList: boolean
}

/** POL-200: keys that have a list in every request; of these the cases and the drawn worlds ask. */
const lists =
  /^(aws:(tagkeys|calledvia|principalservicenameslist|(principal|resource|source|vpce)orgpaths)|sts:transitivetagkeys)$/i

/** The values of a context key; undefined when it is missing or has none. */
export function contextOf(world: World, key: string): Seen | undefined {
  const raw = rawContext(world, key)
  if (raw === undefined) return undefined
  const values = list(raw)
  return values.length === 0 ? undefined : { values, isList: Array.isArray(raw) || lists.test(key) }
}

/** POL-098: the names of keys ignore case. What the case does not give may follow from its principal. */
export function rawContext(world: World, key: string): OneOrMany<string> | undefined {
  const given = Object.entries(world.request.context ?? {})
  const following = Object.entries(principalKeys(readCaller(world.request.principal)))
  return [...given, ...following].find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]
}

/** POL-101, POL-103, POL-104, POL-171, POL-172 */
function principalKeys(caller: Caller): Record<string, string> {
  if (caller.kind === 'service')
    return { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': caller.name }
  if (caller.kind === 'provider')
    return caller.name.includes(':oidc-provider/') ? { 'aws:FederatedProvider': caller.name } : {} // POL-172
  const types = {
    user: 'User',
    role: 'AssumedRole',
    session: 'AssumedRole',
    federated: 'FederatedUser',
    root: 'Account',
  }
  if (caller.kind === 'anonymous')
    return {
      'aws:PrincipalAccount': 'anonymous',
      'aws:PrincipalType': 'Anonymous',
      'aws:userid': 'anonymous',
    } // POL-171
  const role = `arn:${caller.partition}:iam::${caller.account}:role/${roleName(caller.name)}`
  return {
    'aws:PrincipalArn': caller.kind === 'session' ? role : caller.name,
    'aws:PrincipalAccount': caller.account ?? '',
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalType': types[caller.kind],
    ...(caller.kind === 'user' ? { 'aws:username': caller.name.split('/').at(-1) ?? '' } : {}),
  }
}
