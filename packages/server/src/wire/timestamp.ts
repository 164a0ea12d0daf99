import { isoSeconds } from '../base/index.ts'

export type TimestampFormat = 'iso8601' | 'isoMillis' | 'rfc822' | 'unixTimestamp'

const iso =
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?$|^\d{4}-\d{2}-\d{2}$/
const rfc822 = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2}(?:\.\d+)? GMT$/
const epoch = /^-?\d{1,13}(?:\.\d{1,9})?$/

/**
 * Parses an instant in any form of AWS's protocols: ISO 8601, an HTTP date, or seconds. Returns milliseconds since the
 * epoch, or undefined.
 */
export function parseTimestamp(text: string): number | undefined {
  if (epoch.test(text)) return instant(Math.round(Number(text) * 1000))
  if (iso.test(text))
    return instant(Date.parse(/[Z]$|[+-]\d{2}:?\d{2}$|^.{10}$/.test(text) ? text : `${text}Z`))
  return rfc822.test(text) ? instant(Date.parse(text)) : undefined
}

/** Returns milliseconds if a Date can represent them. */
export function instant(milliseconds: number): number | undefined {
  return Math.abs(milliseconds) <= 8.64e15 ? milliseconds : undefined
}

/** Formats instants. Seconds since the epoch are written as a number's text. */
export function timestampWriter(format: TimestampFormat): (milliseconds: number) => string {
  switch (format) {
    case 'iso8601':
      return isoSeconds
    case 'isoMillis':
      return (milliseconds) => new Date(milliseconds).toISOString()
    case 'rfc822':
      return (milliseconds) => new Date(milliseconds).toUTCString()
    case 'unixTimestamp':
      return (milliseconds) => String(milliseconds / 1000)
  }
}
