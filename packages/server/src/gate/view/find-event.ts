import { type Dependencies, isRequest } from '../../authorization/index.ts'
import type { StoredEvent } from '../../store/index.ts'
import type { Reader } from './reader.ts'

/** Steps of one search. A step reads some thousands of events. */
const stepsMost = 50

/** Returns the event of an id, from the account or from all. */
export async function findEvent(
  id: string,
  within: Reader,
  deps: Dependencies,
): Promise<StoredEvent | undefined> {
  const attribute = { key: 'EventId' as const, value: id }
  for (const account of await accountsFor(within, deps)) {
    for (const data of [false, true]) {
      const [event] = (await deps.recorder.lookUp({ account, attribute, data, limit: 1 })).events
      if (event !== undefined) return event
    }
  }
  return undefined
}

/** Returns the event of a request that asked for permissions, from the account or from all. */
export async function findEventOfRequest(
  id: string,
  within: Reader,
  deps: Dependencies,
): Promise<StoredEvent | undefined> {
  await deps.recorder.flush()
  for (const account of await accountsFor(within, deps)) {
    let before: string | undefined
    for (let step = 0; step < stepsMost; step++) {
      const search = { account, texts: [[id]], limit: 10, ...(before === undefined ? {} : { before }) }
      const page = await deps.directory.store.searchEvents(search)
      const event = page.events.find(({ event }) => event.asked !== undefined && isOfRequest(event, id))
      if (event !== undefined) return event.event
      before = page.before
      if (before === undefined) break
    }
  }
  return undefined
}

function isOfRequest({ json }: StoredEvent, id: string): boolean {
  const { requestID } = JSON.parse(json) as { readonly requestID?: string } // what makeEvent wrote
  return requestID !== undefined && isRequest(requestID, id)
}

async function accountsFor(within: Reader, deps: Dependencies) {
  if (within !== undefined) return [within]
  return new Set([deps.firstAccount, ...(await deps.directory.store.accounts())])
}
