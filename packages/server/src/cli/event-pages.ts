import type { Reached } from './asking.ts'
import { callServer } from './client.ts'
import type { EventView } from './event-line.ts'

/** How long an answer may wait for an event, in milliseconds. */
const waitMilliseconds = 1_000

/** Events from the server, and where the next page begins. */
export interface EventPage {
  readonly position: string
  readonly events: readonly EventView[]
}

/** The events that fit a query, page after page; with `follow` for ever, as they happen. */
export async function* pagesOfEvents(
  reached: Reached,
  query: Readonly<Record<string, string>>,
  follow = false,
): AsyncGenerator<EventPage, void> {
  let page = await ask(reached, query)
  let wait = {}
  for (;;) {
    yield page
    const after = page.position
    const next = await ask(reached, { ...query, ...wait, after })
    // a page may be empty without being the last: its filter matched nothing there
    const atEnd = next.position === page.position
    if (atEnd && !follow) return
    wait = atEnd ? { wait: String(waitMilliseconds) } : {}
    page = next
  }
}

async function ask({ server, keys }: Reached, query: Readonly<Record<string, string>>): Promise<EventPage> {
  const path = `/_omen/events?${new URLSearchParams(query)}`
  return (await callServer(server, 'GET', path, keys)) as EventPage // the server's own form
}
