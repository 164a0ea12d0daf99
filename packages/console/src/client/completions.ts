import { operatorNames, type PolicyKind, parseOperator } from '@omen-iam/policy'
import { AwsError, omen, partitionHere } from './aws.ts'

/** The vocabulary of policies, for all services. */
export interface Catalogue {
  readonly services: readonly string[]
  readonly globalKeys: readonly string[]
  readonly regions: readonly string[]
  readonly servicePrincipals: readonly string[]
  /** Prefixes of the services whose resources RCPs bind. */
  readonly rcpServices: readonly string[]
}

/** The vocabulary of policies for one service. */
export interface ServiceCatalogue {
  readonly prefix: string
  readonly title: string
  readonly conditionKeys: readonly string[]
  readonly resourceTypes: Readonly<Record<string, readonly string[]>>
  readonly actions: readonly {
    readonly name: string
    readonly description: string
    readonly accessLevel: string
    readonly conditionKeys: readonly string[]
  }[]
}

let whole: Promise<Catalogue> | undefined
const each = new Map<string, Promise<ServiceCatalogue | undefined>>()

/** The catalogue; fetched once. */
export function catalogue(): Promise<Catalogue> {
  whole ??= omen<Catalogue>('GET', '/_omen/api/catalogue').catch((error: unknown) => {
    whole = undefined
    throw error
  })
  return whole
}

/**
 * One service of the catalogue; undefined if AWS has no service of that prefix. A call that fails for another reason is
 * made again the next time. @throws AwsError, Unreachable, NotSignedIn
 */
export function serviceCatalogue(prefix: string): Promise<ServiceCatalogue | undefined> {
  let known = each.get(prefix)
  if (known === undefined) {
    known = omen<ServiceCatalogue>('GET', `/_omen/api/catalogue/${encodeURIComponent(prefix)}`).catch(
      (error: unknown) => {
        if (error instanceof AwsError && error.status === 404) return undefined
        each.delete(prefix)
        throw error
      },
    )
    each.set(prefix, known)
  }
  return known
}

const operators: readonly string[] = [...operatorNames, 'Null']

/** Values that fit where something is typed in a policy document; empty if nothing is known to fit. */
export async function completionsFor(
  element: string,
  typed: string,
  kind: PolicyKind,
): Promise<readonly string[]> {
  switch (element) {
    case 'Action':
    case 'NotAction':
      return actions(typed)
    case 'Effect':
      return ['Allow', 'Deny']
    case 'Version':
      return ['2012-10-17']
    case 'Service':
      return (await catalogue()).servicePrincipals
    case 'Resource':
    case 'NotResource':
      return resources(typed)
    case 'Condition':
      return operators
    case '':
      return kind === 'trust'
        ? ['Sid', 'Effect', 'Principal', 'Action', 'Condition']
        : ['Sid', 'Effect', 'Action', 'Resource', 'Condition', 'NotAction', 'NotResource']
    default:
      return isKnown(element) ? keys(typed) : []
  }
}

function isKnown(element: string): boolean {
  const { base, operator } = parseOperator(element)
  return operator !== undefined || base === 'Null'
}

async function actions(typed: string): Promise<readonly string[]> {
  const colon = typed.indexOf(':')
  if (colon < 0) return ['*', ...(await catalogue()).services.map((service) => `${service}:`)]
  const prefix = typed.slice(0, colon)
  const service = await serviceCatalogue(prefix)
  return service === undefined
    ? []
    : [`${prefix}:*`, ...service.actions.map(({ name }) => `${prefix}:${name}`)]
}

async function resources(typed: string): Promise<readonly string[]> {
  const prefix = /^arn:[^:]*:([a-z0-9-]+):/.exec(typed)?.[1]
  if (prefix === undefined)
    return ['*', ...(await catalogue()).services.map((name) => `arn:${partitionHere()}:${name}:`)]
  const service = await serviceCatalogue(prefix)
  return Object.values(service?.resourceTypes ?? {}).flatMap((patterns) =>
    patterns.map((pattern) => pattern.replace('${Partition}', partitionHere())),
  )
}

async function keys(typed: string): Promise<readonly string[]> {
  const colon = typed.indexOf(':')
  const { globalKeys, services } = await catalogue()
  if (colon < 0 || typed.startsWith('aws:')) return [...globalKeys, ...services.map((name) => `${name}:`)]
  return (await serviceCatalogue(typed.slice(0, colon)))?.conditionKeys ?? []
}
