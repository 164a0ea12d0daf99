import { account } from '../guard/house.ts'
import { type GuardOfRows, type GuardRow, member } from './guard-rows.ts'

/** Members of an event as CloudTrail recorded it: null where there is none, `<any>` where each has its own. */
export interface RecordedEvent extends Readonly<Record<string, unknown>> {
  /** Whose trail has it. */
  readonly of?: 'member'
  /** The type of its userIdentity, if no more is known. */
  readonly identityType?: string
}

/** A call through the guard, and the events that it leaves. */
export interface EventfulRow extends GuardRow {
  readonly events?: readonly RecordedEvent[]
}

/** Asks a row's call; how the answer or an event differs, undefined if they do not. */
export async function withEvents(row: EventfulRow, guard: GuardOfRows): Promise<string | undefined> {
  const answered = await guard.ask(row)
  if (answered !== undefined) return answered
  const differences = await Promise.all((row.events ?? []).map((event) => inGuard(event, guard)))
  return differences.find((each) => each !== undefined)
}

async function inGuard(wanted: RecordedEvent, guard: GuardOfRows): Promise<string | undefined> {
  const found = await guard.newestEvent(String(wanted.eventName), wanted.of === 'member' ? member : account)
  return found === undefined ? `no event in ${wanted.of ?? 'the first account'}` : differs(wanted, found)
}

/** Where an event lacks what was recorded. What Omen writes of parameters and answers is part of it. */
export function differs(wanted: object, found: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, each] of Object.entries(wanted)) {
    if (name === 'of') continue
    if (name === 'identityType') {
      const { type } = found.userIdentity as { type?: string }
      if (type !== each) return `userIdentity is ${type}`
      continue
    }
    const isPart = name === 'requestParameters' && each !== null && found[name] !== null
    const isSame = isPart ? isWithin(found[name], each) : isLike(each, found[name])
    if (!isSame) return `${name} is ${JSON.stringify(found[name])} in place of ${JSON.stringify(each)}`
  }
  return undefined
}

function isLike(wanted: unknown, found: unknown): boolean {
  if (wanted === null || wanted === undefined) return found === undefined || found === null
  if (wanted === '<any>') return found !== undefined && found !== null
  if (wanted === '<number>') return typeof found === 'number'
  if (wanted === '<instant>') return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(String(found))
  if (typeof wanted === 'string' && wanted.startsWith('<any>')) return String(found).endsWith(wanted.slice(5))
  if (typeof wanted !== 'object') return String(wanted) === String(found)
  if (typeof found !== 'object' || found === null) return false
  const members = found as Readonly<Record<string, unknown>>
  if (Array.isArray(wanted) && (!Array.isArray(found) || wanted.length !== found.length)) return false
  return Object.entries(wanted).every(([name, each]) => isLike(each, members[name]))
}

/** Whether all that Omen writes was recorded. */
function isWithin(found: unknown, wanted: unknown): boolean {
  if (typeof found !== 'object' || found === null) return isLike(wanted, found)
  const members = wanted as Readonly<Record<string, unknown>>
  return Object.entries(found).every(([name, each]) => name in members && isWithin(each, members[name]))
}
