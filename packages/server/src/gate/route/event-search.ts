import { setTimeout as sleep } from 'node:timers/promises'
import type { Dependencies } from '../../authorization/index.ts'
import { type AccountId, oneLine } from '../../base/index.ts'
import type { EventPosition, Asked as Question, Store, StoredEvent } from '../../store/index.ts'
import { callerIn, chainOf, handingOperations, isNamed, keysOfPerson } from '../person.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'
import { eventFilter } from './event-filter.ts'
import { readsEvents } from './event-routes.ts'
import { positionIn } from './position.ts'

const limits = {
  /** The most events in one answer to a follower. */
  followed: 500,
  /** Events in one answer. */
  page: 200,
  /** The most events searched for one answer; the client continues from there. */
  seen: 200_000,
  /** Values of one filter, and characters of each. */
  values: 20,
  longest: 2_048,
  /** Keys of one person's sessions that a search looks for as texts; of more it looks at every event. */
  keys: 20,
  /** Milliseconds that a follower's answer waits, and between looks. */
  wait: 1_000,
  look: 100,
} as const

type Fits = (event: StoredEvent) => boolean

/** AWS records AssumeRole as a read, although someone becomes someone else by it. */
const handing: ReadonlySet<string> = new Set(handingOperations)

/** The query: texts that a search can look for, and the filter that decides. */
interface Asked {
  readonly texts: readonly (readonly string[])[]
  readonly fits: Fits
}

/**
 * `GET /_omen/api/events`: the account's events for the console. Filters: `text` (every given one must be in the
 * record), `name`, `source`, `who`, `role`, `resource`, `person` (any given one must match), `errors`, `writes`
 * (changes, new sessions and failures). Newest first, from `before` on (the `place` of an event, or the `before` of an
 * answer); or those stored after `after` (the `newest` or `position` of an answer), oldest first,
 * for a follower, which waits `wait` milliseconds for the first. `GET /_omen/api/events/ID/chain`: the original
 * caller.
 */
export function eventSearchRoutes(deps: Dependencies, store: Store): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/api\/events$/,
      by: readsEvents,
      async answer(_groups, _body, signer, query, within) {
        const account = within ?? signer?.account ?? deps.firstAccount
        const asked = await askedIn(query, account, deps)
        const after = positionIn(query, store)
        if (after !== undefined) return follow(after, Math.min(numberIn(query, 'wait') ?? 0, limits.wait))
        return search(placeIn(query, store))

        async function search(from: string | undefined) {
          await deps.recorder.flush()
          const events: (ReturnType<typeof view> & { readonly place: string })[] = []
          const newest = from === undefined ? await store.newestPosition() : undefined
          let before = from
          let seen = 0
          do {
            const step = await store.searchEvents({
              account,
              texts: asked.texts,
              limit: limits.page,
              ...(before === undefined ? {} : { before }),
            })
            for (const { place, event } of step.events) {
              if (!asked.fits(event)) continue
              events.push({ place, ...view(event) })
              if (events.length === limits.page) return { events, before: place, newest }
            }
            before = step.before
            seen += step.seen
          } while (before !== undefined && seen < limits.seen)
          return { events, before, newest }
        }

        async function follow(from: EventPosition, wait: number) {
          const events: ReturnType<typeof view>[] = []
          let position = from
          for (let waited = 0; ; waited += limits.look) {
            await deps.recorder.flush()
            const page = await store.eventsAfter(position, limits.followed)
            position = page.position
            for (const event of page.events)
              if (event.account === account && asked.fits(event)) events.push(view(event))
            if (events.length > 0 || waited >= wait) return { events, position }
            if (page.events.length === 0) await sleep(limits.look)
          }
        }
      },
    },
    {
      method: 'GET',
      path: /^\/_omen\/api\/events\/([\w-]{1,64})\/chain$/,
      by: readsEvents,
      async answer([id = ''], _body, signer, _query, within) {
        const account = within ?? signer?.account ?? deps.firstAccount
        const attribute = { key: 'EventId' as const, value: id }
        for (const data of [false, true]) {
          const [event] = (await deps.recorder.lookUp({ account, attribute, data, limit: 1 })).events
          if (event !== undefined) return { chain: await chainOf(event, deps) }
        }
        throw new Refusal(404, `There is no event ${id}, or it is no longer kept.`)
      },
    },
  ]
}

/** An event as the console lists it; `json` is the record as LookupEvents gives it, byte for byte. */
function view(event: StoredEvent) {
  const { id, time, name, source, username, accessKeyId, readOnly, errorCode, resources, asked, json } = event
  const { requestID, userIdentity } = JSON.parse(json) as Marks // what makeEvent wrote
  const decision = event.decision ?? (asked === undefined ? undefined : requestID)
  const role = userIdentity?.sessionContext?.sessionIssuer
  return {
    id,
    time: new Date(time).toISOString(),
    name,
    source,
    who: callerIn(event),
    username,
    accessKeyId,
    ...(role?.type === 'Role' ? { role: { name: role.userName, id: role.principalId } } : {}),
    readOnly,
    errorCode,
    resources,
    asked: asked?.map(shownQuestion),
    decision,
    json,
  }
}

/** A question without the condition keys that are kept with it: tags are in no record of AWS's (behaviour SGN-51). */
function shownQuestion({ action, resource, passedTo, owner }: Question): Question {
  return {
    action,
    resource,
    ...(passedTo === undefined ? {} : { passedTo }),
    ...(owner === undefined ? {} : { owner }),
  }
}

interface Marks {
  readonly requestID?: string
  readonly userIdentity?: {
    readonly sessionContext?: {
      readonly sessionIssuer?: {
        readonly type?: string
        readonly userName?: string
        readonly principalId?: string
      }
    }
  }
}

async function askedIn(query: URLSearchParams, account: AccountId, deps: Dependencies): Promise<Asked> {
  const texts: (readonly string[])[] = []
  const wanted: Fits[] = []
  const isFailed = eventFilter(new URLSearchParams({ errors: 'true' }))
  if (query.has('errors')) {
    // searched first: few events failed, and this costs less than a search by caller
    texts.push(['"errorCode"', '"errorMessage"', '"wouldDeny"'])
    wanted.push(isFailed)
  }
  for (const text of valuesOf(query, 'text')) {
    texts.push([inJson(text)])
    wanted.push(holding(text))
  }
  const any = (
    name: string,
    textsOf: (value: string) => readonly string[],
    fitsOf: (value: string) => Fits,
  ) => {
    const values = valuesOf(query, name)
    if (values.length === 0) return
    texts.push(values.flatMap(textsOf))
    const each = values.map(fitsOf)
    wanted.push((event) => each.some((fits) => fits(event)))
  }
  const filtered = (name: string) => (value: string) => eventFilter(new URLSearchParams({ [name]: value }))
  any(
    'name',
    (name) => [`"${inJson(name)}"`],
    (name) => (event) => event.name.toLowerCase() === name.toLowerCase(),
  )
  any(
    'source',
    (source) => [`"${inJson(source)}`],
    (source) => (event) => event.source.startsWith(source.toLowerCase()),
  )
  any('who', asName, filtered('who'))
  any('role', asName, filtered('role'))
  any('resource', (text) => [inJson(text)], ofResource)
  if (query.has('writes'))
    wanted.push((event) => !event.readOnly || handing.has(event.name) || isFailed(event))
  for (const person of valuesOf(query, 'person')) {
    const keys = await keysOfPerson(person, account, deps)
    if (keys.size <= limits.keys) texts.push([...asName(person), ...keys])
    wanted.push(
      (event) =>
        (event.accessKeyId !== undefined && keys.has(event.accessKeyId)) || isNamed(callerIn(event), person),
    )
  }
  return { texts, fits: (event) => wanted.every((fits) => fits(event)) }
}

/** Letter case aside, in the record or as the decision's id. */
function holding(text: string): Fits {
  const sought = inJson(text).toLowerCase()
  return ({ json, decision }) =>
    json.toLowerCase().includes(sought) || (decision?.toLowerCase().includes(sought) ?? false)
}

/** A part of the name or ARN of an affected resource. */
function ofResource(text: string): Fits {
  return ({ resources, asked = [] }) =>
    resources.some(({ name }) => name.includes(text)) || asked.some(({ resource }) => resource.includes(text))
}

/** The forms of a name or an ARN in a record: whole, or as the end of an ARN. */
function asName(name: string): readonly string[] {
  return [`"${inJson(name)}"`, `/${inJson(name)}"`, `:${inJson(name)}"`]
}

/** A text in the form that it has within a JSON text. */
function inJson(text: string): string {
  return oneLine(text).slice(1, -1)
}

function valuesOf(query: URLSearchParams, name: string): readonly string[] {
  const values = query.getAll(name).filter((value) => value !== '')
  if (values.length > limits.values || values.some((value) => value.length > limits.longest))
    throw new Refusal(400, `${name} may have ${limits.values} values of ${limits.longest} characters`)
  return values
}

/** Where an earlier answer ended: its `before`. @throws Refusal if the store knows no such place */
function placeIn(query: URLSearchParams, store: Store): string | undefined {
  const text = query.get('before')
  if (text === null) return undefined
  if (!store.isSearchPlace(text)) throw new Refusal(400, 'before must be that of an earlier answer')
  return text
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(400, `${name} must be a number`)
  return Number(text)
}
