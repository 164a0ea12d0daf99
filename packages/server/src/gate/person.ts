import { setImmediate as turn } from 'node:timers/promises'
import type { Dependencies } from '../authorization/index.ts'
import { type AccountId, perObject } from '../base/index.ts'
import type { StoredEvent } from '../store/index.ts'

/** The STS operations that issue credentials. */
export const handingOperations = [
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'GetFederationToken',
  'GetSessionToken',
] as const

const limits = {
  /** Links of a chain that are followed. */
  links: 32,
  /** Events in one look-up, and look-ups for one operation. */
  page: 1_000,
  pages: 5,
  /** Events that are read before others have their turn. */
  atOnce: 100,
  /** Keys of an account that are remembered. */
  keys: 50_000,
  /** So much, in milliseconds, may an event be late. */
  disorder: 120_000,
} as const

/** One link of the chain to the original caller: a holder of a key. */
export interface ChainLink {
  /** Whose the key is: an ARN, or a service. */
  readonly who: string
  readonly accessKeyId?: string
  /** The operation that handed the key out, its event, and when; absent of the first link. */
  readonly operation?: string
  readonly eventId?: string
  readonly time?: string
  readonly roleArn?: string
  readonly sessionName?: string
  readonly sourceIdentity?: string
  readonly mfa?: boolean
}

interface Recorded {
  readonly eventTime: string
  readonly userIdentity: {
    readonly arn?: string
    readonly invokedBy?: string
    readonly userName?: string
    readonly principalId?: string
    readonly accessKeyId?: string
    readonly sessionContext?: { readonly attributes?: { readonly mfaAuthenticated?: string } }
  }
  readonly requestParameters?: {
    readonly roleArn?: string
    readonly roleSessionName?: string
    readonly serialNumber?: string
    readonly sourceIdentity?: string
  } | null
  readonly responseElements?: { readonly credentials?: { readonly accessKeyId?: string } } | null
}

/** The callers of an event's call: from the person or service that began the chain to the direct caller. */
export async function chainOf(event: StoredEvent, deps: Dependencies): Promise<readonly ChainLink[]> {
  const links: ChainLink[] = []
  let of: StoredEvent | undefined = event
  while (of !== undefined && links.length < limits.links) {
    const { userIdentity } = recordOf(of)
    const key: string | undefined = of.accessKeyId ?? userIdentity.accessKeyId
    const handed: StoredEvent | undefined =
      key === undefined ? undefined : await handingOf(key, of.account, deps)
    const link = {
      who: nameIn(userIdentity) ?? of.username ?? '',
      ...(key === undefined ? {} : { accessKeyId: key }),
    }
    links.unshift(handed === undefined ? link : { ...link, ...handingLink(handed) })
    of = handed
  }
  return links
}

/** The event that handed a session's key out. */
async function handingOf(
  key: string,
  account: AccountId,
  deps: Dependencies,
): Promise<StoredEvent | undefined> {
  if (!key.startsWith('ASIA')) return undefined
  const attribute = { key: 'ResourceName' as const, value: key }
  const { events } = await deps.recorder.lookUp({ account, attribute, limit: 50 })
  return events.find((each) => keyHandedIn(recordOf(each)) === key)
}

function handingLink(event: StoredEvent) {
  const { eventTime, userIdentity, requestParameters } = recordOf(event)
  const { roleArn, roleSessionName, sourceIdentity, serialNumber } = requestParameters ?? {}
  const mfa =
    serialNumber !== undefined || userIdentity.sessionContext?.attributes?.mfaAuthenticated === 'true'
  return {
    operation: event.name,
    eventId: event.id,
    time: eventTime,
    mfa,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(roleSessionName === undefined ? {} : { sessionName: roleSessionName }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  }
}

/** The key that requested a session's key. */
interface Handing {
  readonly by: string
  readonly byKey: string | undefined
}

/** An account's events about issued keys; each event is read once. */
interface Handed {
  readonly keys: Map<string, Handing>
  /** The newest event that was read; milliseconds since the epoch. */
  upTo: number
}

/** The results per server and account. */
const handedIn = perObject((_deps: Dependencies) => new Map<AccountId, Handed>())

/** The keys of all sessions that go back to a person, through any number of roles. */
export async function keysOfPerson(
  person: string,
  account: AccountId,
  deps: Dependencies,
): Promise<ReadonlySet<string>> {
  const { keys } = await handedOf(account, deps)
  const goesBack = (key: string | undefined): boolean => {
    let at = key
    for (let link = 0; link < limits.links && at !== undefined; link++) {
      const one = keys.get(at)
      if (one === undefined) return false
      if (isNamed(one.by, person)) return true
      at = one.byKey
    }
    return false
  }
  return new Set([...keys.keys()].filter(goesBack))
}

async function handedOf(account: AccountId, deps: Dependencies): Promise<Handed> {
  const known = handedIn(deps).get(account) ?? { keys: new Map(), upTo: 0 }
  handedIn(deps).set(account, known)
  const from = known.upTo - limits.disorder
  let newest = known.upTo
  for (const name of handingOperations) {
    let after: string | undefined
    for (let page = 0; page < limits.pages; page++) {
      const { events, next } = await deps.recorder.lookUp({
        account,
        from,
        attribute: { key: 'EventName', value: name },
        limit: limits.page,
        ...(after === undefined ? {} : { after }),
      })
      for (const [at, event] of events.entries()) {
        newest = Math.max(newest, event.time)
        if (at % limits.atOnce === limits.atOnce - 1) await turn()
        keep(event, known)
      }
      if (next === undefined) break
      after = next
    }
  }
  known.upTo = newest
  return known
}

function keep(event: StoredEvent, { keys }: Handed): void {
  const record = recordOf(event)
  const key = keyHandedIn(record)
  if (key === undefined || keys.has(key)) return
  const by = nameIn(record.userIdentity) ?? ''
  keys.set(key, { by, byKey: event.accessKeyId ?? record.userIdentity.accessKeyId })
  for (const oldest of keys.keys()) {
    if (keys.size <= limits.keys) break
    keys.delete(oldest)
  }
}

/** Returns whether an ARN is a person's, given as the ARN or its last part. */
export function isNamed(arn: string, name: string): boolean {
  return arn === name || arn.endsWith(`/${name}`) || (name === 'root' && arn.endsWith(':root'))
}

/** The caller of an event: an ARN, or a service. */
export function callerIn(event: StoredEvent): string {
  return nameIn(recordOf(event).userIdentity) ?? event.username ?? ''
}

function nameIn({ arn, invokedBy, userName, principalId }: Recorded['userIdentity']): string | undefined {
  return arn ?? invokedBy ?? userName ?? principalId
}

function keyHandedIn({ responseElements }: Recorded): string | undefined {
  return responseElements?.credentials?.accessKeyId
}

function recordOf({ json }: StoredEvent): Recorded {
  return JSON.parse(json) as Recorded // what makeEvent wrote
}
