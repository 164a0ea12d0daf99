import type { House } from '../authorization/index.ts'
import type { AccountId } from '../base/index.ts'
import type { StoredEvent } from '../store/index.ts'

/** What operations of STS hand credentials out. */
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
} as const

/** One link of who really acted: somebody with a key. */
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

/** Who did what an event tells: from the person or service that began the chain to the one who called. */
export async function chainOf(event: StoredEvent, house: House): Promise<readonly ChainLink[]> {
  const links: ChainLink[] = []
  let of: StoredEvent | undefined = event
  while (of !== undefined && links.length < limits.links) {
    const { userIdentity } = recordOf(of)
    const key: string | undefined = of.accessKeyId ?? userIdentity.accessKeyId
    const handed: StoredEvent | undefined =
      key === undefined ? undefined : await handingOf(key, of.account, house)
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
async function handingOf(key: string, account: AccountId, house: House): Promise<StoredEvent | undefined> {
  if (!key.startsWith('ASIA')) return undefined
  const attribute = { key: 'ResourceName' as const, value: key }
  const { events } = await house.recorder.lookUp({ account, attribute, limit: 50 })
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

/** The keys of all sessions that go back to somebody, through however many roles. */
export async function keysOfPerson(
  person: string,
  account: AccountId,
  house: House,
): Promise<ReadonlySet<string>> {
  const handed = new Map<string, { readonly by: string; readonly byKey: string | undefined }>()
  for (const name of handingOperations) {
    let after: string | undefined
    for (let page = 0; page < limits.pages; page++) {
      const { events, next } = await house.recorder.lookUp({
        account,
        attribute: { key: 'EventName', value: name },
        limit: limits.page,
        ...(after === undefined ? {} : { after }),
      })
      for (const event of events) {
        const record = recordOf(event)
        const key = keyHandedIn(record)
        if (key === undefined) continue
        handed.set(key, {
          by: nameIn(record.userIdentity) ?? '',
          byKey: event.accessKeyId ?? record.userIdentity.accessKeyId,
        })
      }
      if (next === undefined) break
      after = next
    }
  }
  const goesBack = (key: string | undefined): boolean => {
    let at = key
    for (let link = 0; link < limits.links && at !== undefined; link++) {
      const one = handed.get(at)
      if (one === undefined) return false
      if (isNamed(one.by, person)) return true
      at = one.byKey
    }
    return false
  }
  return new Set([...handed.keys()].filter(goesBack))
}

/** Whether an ARN is somebody's, who is named by it or by its last part. */
export function isNamed(arn: string, name: string): boolean {
  return arn === name || arn.endsWith(`/${name}`) || (name === 'root' && arn.endsWith(':root'))
}

/** Who an event says has called: an ARN, or a service. */
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
