import type { House } from '../authorization/index.ts'
import type { Asked, Store, StoredEvent } from '../store/index.ts'
import { positionAt } from '../trail/index.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'
import { readsEvents } from './event-routes.ts'

const limits = {
  /** Events looked at for one answer; the asker goes on from there. */
  lots: 20,
  lot: 1_000,
  longestName: 2_048,
} as const

/**
 * `GET /_omen/seen`: what calls asked permission for, each question once: of `principal` (a user, a role, an ARN, an
 * access key), `since` an instant. Denied calls count where `denied` says so; what audit mode let through always does.
 * Answers go on `after` where the one before ended, until there are no more events.
 */
export function seenRoutes(house: House, store: Store): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/seen$/,
      by: readsEvents,
      async answer(_groups, _body, _signer, query, within) {
        const since = instantIn(query, 'since')
        const isOf = ofPrincipal(query.get('principal'))
        const denied = query.get('denied') === 'true'
        const start = sequenceIn(query)
        if (start === undefined) await house.recorder.flush()
        const tally = new Tally()
        let sequence = start ?? (since === 0 ? 0 : await positionAt(store, since))
        let done = false
        for (let lot = 0; lot < limits.lots && !done; lot++) {
          const page = await store.eventsAfter(sequence, limits.lot)
          sequence = page.sequence
          done = page.events.length === 0
          for (const event of page.events) {
            if (within !== undefined && event.account !== within) continue
            if (event.time >= since && (denied || !isDenied(event)) && isOf(event)) tally.add(event)
          }
        }
        return { sequence, done, ...tally.view() }
      },
    },
  ]
}

/** Questions counted, events of which only some questions were kept (`cut`), and events that have none: those of mode `off` and of calls that need no permission. */
class Tally {
  readonly #questions = new Map<string, Asked & { count: number }>()
  #events = 0
  #silent = 0
  #cut = 0

  add({ asked, askedCut }: StoredEvent): void {
    this.#events++
    if (askedCut === true) this.#cut++
    if (asked === undefined && askedCut === undefined) this.#silent++
    for (const question of asked ?? []) {
      const { action, resource, passedTo = '' } = question
      const key = JSON.stringify([action, resource, passedTo])
      const known = this.#questions.get(key)
      if (known === undefined) this.#questions.set(key, { ...question, count: 1 })
      else known.count++
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

/** The house refused it. What AWS's services refuse for other reasons had been allowed before. */
function isDenied({ errorCode }: StoredEvent): boolean {
  return errorCode === 'AccessDenied' || errorCode === 'Client.UnauthorizedOperation'
}

interface Identity {
  readonly arn?: string
  readonly sessionContext?: { readonly sessionIssuer?: { readonly arn?: string } }
}

/** Whose calls: by name or ARN; a role's are those of its sessions. */
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

function sequenceIn(query: URLSearchParams): number | undefined {
  const text = query.get('after')
  if (text === null) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(400, 'after must be a number')
  return Number(text)
}
