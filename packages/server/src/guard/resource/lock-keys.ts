import type { ContextKeys } from '../../authorization/index.ts'
import { headersWith, type IdentifiedCall } from '../catalogue/index.ts'
import { elementsIn } from './answers.ts'

/** The lock of an object, by its request or by the default of its bucket. */
interface Lock {
  readonly mode?: string | undefined
  /** Milliseconds since the epoch. */
  readonly until?: number | undefined
  readonly legalHold?: string | undefined
  readonly eventHold?: string | undefined
  readonly eventDays?: number | undefined
}

const day = 86_400_000

/** Operations that write an object, which gets the bucket's default. */
const writing: ReadonlySet<string> = new Set(['PutObject', 'CopyObject', 'CreateMultipartUpload'])

/** Returns whether the bucket's default counts for the keys of a call. */
export function takesDefaultLock({ operation }: Pick<IdentifiedCall, 'operation'>): boolean {
  return writing.has(operation)
}

/**
 * Condition keys about the lock that a call gives an object: from its headers or its body, and what they leave out from
 * the default of the bucket (behaviour GRD-148).
 * @param configured the bucket's configuration as it is written; undefined if it has none
 */
export function lockKeys(
  { operation, request }: Pick<IdentifiedCall, 'operation' | 'request'>,
  configured: string | undefined,
  now: number,
): ContextKeys {
  const given = writing.has(operation)
    ? inHeaders(headersWith(request))
    : inXml(Buffer.from(request.body).toString('utf8'), now)
  const known = configured === undefined ? {} : inXml(configured, now)
  const mode = given.mode ?? known.mode
  const until = given.until ?? known.until
  const eventHold = given.eventHold ?? known.eventHold
  const eventDays = given.eventDays ?? known.eventDays
  return {
    's3:object-lock-mode': mode,
    's3:object-lock-retain-until-date': until === undefined ? undefined : new Date(until).toISOString(),
    's3:object-lock-remaining-retention-days':
      until === undefined ? undefined : String(Math.floor((until - now) / day)),
    's3:object-lock-legal-hold': given.legalHold,
    's3:object-lock-event-hold': eventHold,
    's3:object-lock-event-hold-duration-days': eventDays === undefined ? undefined : String(eventDays),
  }
}

function inHeaders(headers: Readonly<Record<string, string>>): Lock {
  const prefix = 'x-amz-object-lock-'
  const number = (name: string) => numberOf(headers[`${prefix}${name}`])
  return {
    mode: headers[`${prefix}mode`],
    until: timeOf(headers[`${prefix}retain-until-date`]),
    legalHold: headers[`${prefix}legal-hold`],
    eventHold: headers[`${prefix}event-hold`],
    eventDays: number('event-hold-duration-days') ?? yearsOf(number('event-hold-duration-years')),
  }
}

/** Retention, legal hold and configuration are written alike. */
function inXml(text: string, now: number): Lock {
  const all = [...elementsIn(text)]
  const textOf = (name: string) => all.find((element) => element.name === name)?.text.trim()
  const duration = all.find(({ name }) => name === 'EventHoldDuration')
  const retention = all.find(({ name }) => name === 'DefaultRetention')
  const daysIn = (element: (typeof all)[number] | undefined) => {
    const number = (name: string) =>
      numberOf(element?.children.find((child) => child.name === name)?.text.trim())
    return number('Days') ?? yearsOf(number('Years'))
  }
  const days = daysIn(retention)
  return {
    mode: textOf('Mode'),
    until: days === undefined ? timeOf(textOf('RetainUntilDate')) : now + days * day,
    legalHold: all.find(({ name }) => name === 'LegalHold')?.children.find(({ name }) => name === 'Status')
      ?.text,
    eventHold: textOf('EventHold'),
    eventDays: daysIn(duration),
  }
}

function yearsOf(years: number | undefined): number | undefined {
  return years === undefined ? undefined : years * 365
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined
}

function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}
