import type { Call } from '../../../authorization/index.ts'
import type { AccountId } from '../../../base/index.ts'
import type { EventQuery, StoredEvent } from '../../../store/index.ts'

/** The last access: time and place. */
export interface Access {
  readonly at: number
  readonly region: string
}

/** The last accesses of a principal in a service, in total and by action. */
export interface ServiceUse extends Access {
  readonly actions: Map<string, Access>
}

/** By principal (a user's or role's id, or `root`), then by service. */
export type Accesses = ReadonlyMap<string, ReadonlyMap<string, ServiceUse>>

/** AWS reports at least the last 400 days. */
const reportedDays = 400
const day = 86_400_000
const pageSize = 1_000
/** The most events that a report reads, the newest first (behaviour RPT-22). */
const pagesMost = 100

/**
 * Returns who last called which service, from the account's trail; denied calls count. With a user's name, only that
 * user's events are read.
 */
export async function readAccesses(call: Call, account: AccountId, username?: string): Promise<Accesses> {
  const accesses = new Map<string, Map<string, ServiceUse>>()
  const query: EventQuery = {
    account,
    from: call.now - reportedDays * day,
    to: call.now,
    limit: pageSize,
    ...(username === undefined ? {} : { attribute: { key: 'Username', value: username } }),
  }
  // access to the content of resources counts too
  for (const data of [false, true]) {
    let after: string | undefined
    for (let pages = 0; pages < pagesMost; pages++) {
      const page = await call.deps.recorder.lookUp({ ...query, data, ...(after !== undefined && { after }) })
      for (const event of page.events) note(accesses, event)
      after = page.next
      if (after === undefined) break
    }
  }
  return accesses
}

/** Events of a kind come newest first: the first is the last access, apart from the other kind. */
function note(accesses: Map<string, Map<string, ServiceUse>>, event: StoredEvent): void {
  const principal = principalOf(event)
  if (principal === undefined) return
  let services = accesses.get(principal)
  if (services === undefined) {
    services = new Map()
    accesses.set(principal, services)
  }
  const { time: at, region, name } = event
  const service = namespaceOf(event.source)
  let use = services.get(service)
  if (use === undefined || use.at < at) {
    use = { at, region, actions: use?.actions ?? new Map() }
    services.set(service, use)
  }
  if (!use.actions.has(name)) use.actions.set(name, { at, region })
}

interface Identity {
  readonly type?: string
  readonly principalId?: string
  readonly sessionContext?: { readonly sessionIssuer?: { readonly principalId?: string } }
}

function principalOf(event: StoredEvent): string | undefined {
  const record = JSON.parse(event.json) as { readonly userIdentity?: Identity; readonly eventType?: string } // as the trail wrote it
  const { userIdentity: identity, eventType } = record
  if (eventType !== 'AwsApiCall') return undefined
  switch (identity?.type) {
    case 'IAMUser':
      return identity.principalId
    case 'AssumedRole':
    case 'FederatedUser':
      return identity.sessionContext?.sessionIssuer?.principalId
    case 'Root':
      return 'root'
    default:
      return undefined
  }
}

/** Services whose event source differs from their action prefix. */
const namespaces: Readonly<Record<string, string>> = { monitoring: 'cloudwatch', tagging: 'tag' }

function namespaceOf(source: string): string {
  const name = source.slice(0, source.indexOf('.'))
  return namespaces[name] ?? name
}
