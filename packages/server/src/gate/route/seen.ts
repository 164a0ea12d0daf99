import { contextOfEvent, type Dependencies, organizationRefuses } from '../../authorization/index.ts'
import type { AccountId } from '../../base/index.ts'
import { type Asked, firstPosition, type Store, type StoredEvent } from '../../store/index.ts'
import { loadManagement } from '../admission.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'
import { readsEvents } from './event-routes.ts'
import { positionIn } from './position.ts'

const limits = {
  /** The most events searched for one answer; the client continues from there. */
  lots: 20,
  lot: 1_000,
  /** A lot whose condition keys are looked at, too. */
  lotWithKeys: 250,
  longestName: 2_048,
  /** Different questions in one answer. */
  questions: 5_000,
  /** Condition keys that an answer has of each question. */
  keys: 50,
  longestKey: 300,
} as const

/**
 * `GET /_omen/seen`: the permissions that calls needed, each question once: of `principal` (a user, a role, an ARN, an
 * access key), `since` an instant. Denied calls count if `denied` is given; what audit mode allowed always counts.
 * Answers continue `after` where the last one ended, until there are no more events. With `keys`, condition keys
 * separated by commas, questions are distinguished by the values of these, too: `context` has them, `unknown` names
 * those whose value was not kept (behaviour TRL-91), and `refusedBy` says whether policies of the organization refuse
 * the question now.
 */
export function seenRoutes(deps: Dependencies, store: Store): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/seen$/,
      by: readsEvents,
      async answer(_groups, _body, _signer, query, within, { may }) {
        const since = instantIn(query, 'since')
        const isOf = ofPrincipal(query.get('principal'))
        const denied = query.get('denied') === 'true'
        const start = positionIn(query, store)
        if (start === undefined) await deps.recorder.flush()
        const keys = keysIn(query)
        // tags of principals and resources, and what an organization refuses, are in no record of the trail (behaviour SGN-51)
        if (keys !== undefined && !(await may(readsTags, '*')))
          throw new Refusal(403, `The parameter keys needs the permission ${readsTags}.`, 'AccessDenied')
        const tally = new Tally(await keysOfEvents(keys, within, deps))
        let position = start ?? (since === 0 ? firstPosition : await store.positionAt(since))
        let done = false
        const lot = keys === undefined ? limits.lot : limits.lotWithKeys
        let left = limits.lots * limits.lot
        for (; left > 0 && !done && tally.size < limits.questions; left -= lot) {
          const page = await store.eventsAfter(position, lot)
          position = page.position
          done = page.events.length === 0
          for (const event of page.events) {
            if (within !== undefined && event.account !== within) continue
            if (event.time >= since && (denied || !isDenied(event)) && isOf(event)) tally.add(event)
          }
        }
        return { position, done, ...tally.view() }
      },
    },
  ]
}

const readsTags = 'iam:GetAccountAuthorizationDetails'

/** A question with the requested condition keys. */
interface SeenQuestion extends Asked {
  readonly context?: Readonly<Record<string, string | readonly string[]>>
  readonly unknown?: readonly string[]
  /** The policies of the organization that refuse it now. */
  readonly refusedBy?: 'scp' | 'rcp'
}

type KeysOf = (event: StoredEvent, question: Asked) => Omit<SeenQuestion, keyof Asked> | undefined

/** The events' values of some condition keys. Organizations are known for accounts in memory. */
async function keysOfEvents(
  keys: readonly string[] | undefined,
  within: AccountId | undefined,
  deps: Dependencies,
): Promise<KeysOf> {
  if (keys === undefined) return () => undefined
  const { directory } = deps
  const account = await directory.find(within ?? deps.firstAccount)
  if (account) await loadManagement(account, deps)
  return (event, question) => {
    const { context, isUnknown } = contextOfEvent(event, question, directory)
    const values = keys.flatMap((key) => {
      const value = context.get(key)
      return value === undefined ? [] : [[key, value] as const]
    })
    const unknown = keys.filter((key) => isUnknown(key.toLowerCase()))
    const refusedBy = organizationRefuses(event, question, context, directory)
    return {
      context: Object.fromEntries(values),
      ...(unknown.length === 0 ? {} : { unknown }),
      ...(refusedBy === undefined ? {} : { refusedBy }),
    }
  }
}

/**
 * Counts questions, and two kinds of events: those of which only some questions were kept (`cut`), and those without
 * questions (`silent`), of mode `off` and of calls that need no permission.
 */
class Tally {
  readonly #keysOf: KeysOf
  readonly #questions = new Map<string, SeenQuestion & { count: number }>()
  #events = 0
  #silent = 0
  #cut = 0

  constructor(keysOf: KeysOf) {
    this.#keysOf = keysOf
  }

  get size(): number {
    return this.#questions.size
  }

  add(event: StoredEvent): void {
    const { asked, askedCut } = event
    this.#events++
    if (askedCut === true) this.#cut++
    if (asked === undefined && askedCut === undefined) this.#silent++
    for (const question of asked ?? []) {
      const { action, resource, passedTo } = question
      const keys = this.#keysOf(event, question)
      const key = JSON.stringify([action, resource, passedTo ?? '', keys])
      const known = this.#questions.get(key)
      if (known !== undefined) known.count++
      else {
        const question = { action, resource, ...(passedTo === undefined ? {} : { passedTo }), ...keys }
        this.#questions.set(key, { ...question, count: 1 })
      }
    }
  }

  view() {
    return {
      events: this.#events,
      silent: this.#silent,
      cut: this.#cut,
      questions: [...this.#questions.values()],
    }
  }
}

/** Omen refused it. What AWS's services refuse for other reasons was allowed before. */
function isDenied({ errorCode }: StoredEvent): boolean {
  return errorCode === 'AccessDenied' || errorCode === 'Client.UnauthorizedOperation'
}

interface Identity {
  readonly arn?: string
  readonly sessionContext?: { readonly sessionIssuer?: { readonly arn?: string } }
}

/** The callers: by name or ARN; a role's calls are those of its sessions. */
function ofPrincipal(text: string | null): (event: StoredEvent) => boolean {
  if (text === null) return () => true
  if (text === '' || text.length > limits.longestName) throw new Refusal(400, 'principal must be a text')
  const isIt = (arn: string | undefined) => arn !== undefined && (arn === text || arn.endsWith(`/${text}`))
  return (event) => {
    if (event.accessKeyId === text) return true
    const { userIdentity } = JSON.parse(event.json) as { readonly userIdentity: Identity } // what makeEvent wrote
    if (text === 'root') return userIdentity.arn?.endsWith(':root') === true
    return isIt(userIdentity.arn) || isIt(userIdentity.sessionContext?.sessionIssuer?.arn)
  }
}

function instantIn(query: URLSearchParams, name: string): number {
  const text = query.get(name)
  const time = text === null ? 0 : Date.parse(text)
  if (Number.isNaN(time)) throw new Refusal(400, `${name} must be an instant such as 2026-01-31T12:00:00Z`)
  return time
}

function keysIn(query: URLSearchParams): readonly string[] | undefined {
  const text = query.get('keys')
  if (text === null) return undefined
  const keys = text.split(',').filter((key) => key !== '')
  if (keys.length > limits.keys || keys.some((key) => key.length > limits.longestKey))
    throw new Refusal(400, `keys must be at most ${limits.keys} condition keys`)
  return keys
}
