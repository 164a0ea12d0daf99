import { isoSeconds } from '../../base/index.ts'
import type { CanonicalRules, Claim, SignatureProblem } from './types.ts'

const minute = 60_000

/** The largest difference between a client's clock and the server's, either way (behaviour SIG-10). */
export const allowedSkew = 15 * minute

const basicFormat = /^\d{8}T\d{6}Z$/
const httpFormat = /^[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/

/** Formats an instant as `YYYYMMDDTHHMMSSZ`. */
export function basicDate(time: number): string {
  const iso = isoSeconds(time)
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`
}

let lastText = ''
let lastTime: number | undefined

/** Parses `YYYYMMDDTHHMMSSZ`; undefined if the text is not such a date. Calls of one second share the result. */
export function parseBasicDate(text: string): number | undefined {
  if (text !== lastText) {
    lastTime = readBasicDate(text)
    lastText = text
  }
  return lastTime
}

function readBasicDate(text: string): number | undefined {
  if (!basicFormat.test(text)) return undefined
  const [year, month, day] = [numberIn(text, 0, 4), numberIn(text, 4, 6), numberIn(text, 6, 8)]
  const [hour, min, second] = [numberIn(text, 9, 11), numberIn(text, 11, 13), numberIn(text, 13, 15)]
  if (year < 1970 || month < 1 || month > 12 || hour > 23 || min > 59 || second > 59) return undefined
  const time = Date.UTC(year, month - 1, day, hour, min, second)
  // Date.UTC turns 31 February into a day of March.
  return new Date(time).getUTCDate() === day ? time : undefined
}

/** Returns the number of the digits from `start` to `end`. */
function numberIn(text: string, start: number, end: number): number {
  let number = 0
  for (let at = start; at < end; at++) number = number * 10 + text.charCodeAt(at) - 48
  return number
}

/** Parses a Date header: the basic format or HTTP's own. */
export function parseHttpDate(text: string): number | undefined {
  const basic = parseBasicDate(text)
  if (basic !== undefined || !httpFormat.test(text)) return basic
  const time = Date.parse(text)
  return time >= 0 ? time : undefined
}

/** Returns undefined if the claim's date is within its validity, otherwise AWS's sentence. */
export function checkTime(claim: Claim, rules: CanonicalRules, now: number): SignatureProblem | undefined {
  if (claim.time > now + allowedSkew) {
    return {
      kind: 'notYetValid',
      message: `Signature not yet current: ${claim.date} is still later than ${basicDate(now + allowedSkew)} (${basicDate(now)} + 15 min.)`,
    }
  }
  const lifetime =
    claim.expires === undefined || rules.ignoresExpires === true ? allowedSkew : claim.expires * 1000
  if (claim.time >= now - lifetime) return undefined
  return {
    kind: 'expired',
    message: `Signature expired: ${claim.date} is now earlier than ${basicDate(now - lifetime)} (${basicDate(now)} - ${span(lifetime)}.)`,
  }
}

function span(milliseconds: number): string {
  return milliseconds % minute === 0 ? `${milliseconds / minute} min` : `${milliseconds / 1000} sec`
}
