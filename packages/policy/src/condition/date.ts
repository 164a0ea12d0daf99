/**
 * A moment in milliseconds: a W3C profile of ISO 8601 (from the year alone to fractions of a second; UTC unless it
 * says otherwise), or seconds since the epoch. Returns undefined for any other text.
 */
export function parseDate(text: string): number | undefined {
  const year = digits(text, 0, 4)
  if (year !== undefined && (text.length === 4 || text.charAt(4) === '-')) return parseIso(text, year)
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : undefined
}

/** Read by position: requests carry dates, and this is several times faster than a pattern. */
function parseIso(text: string, year: number): number | undefined {
  if (text.length === 4) return startOfDay(year, 1, 1)
  const month = digits(text, 5, 2)
  if (month === undefined || month < 1 || month > 12) return undefined
  if (text.length === 7) return startOfDay(year, month, 1)
  const day = digits(text, 8, 2)
  if (text.charAt(7) !== '-' || day === undefined || day < 1 || day > daysIn(year, month)) return undefined
  const date = startOfDay(year, month, day)
  if (text.length === 10) return date
  const time = text.charAt(10) === 'T' ? parseTime(text, 11) : undefined
  return time === undefined ? undefined : date + time
}

/** `hh:mm`, `hh:mm:ss` or with a fraction, and a zone. */
function parseTime(text: string, start: number): number | undefined {
  const hour = digits(text, start, 2)
  const minute = digits(text, start + 3, 2)
  if (hour === undefined || minute === undefined || text.charAt(start + 2) !== ':') return undefined
  if (hour > 23 || minute > 59) return undefined
  let at = start + 5
  let time = (hour * 60 + minute) * 60_000
  if (text.charAt(at) === ':') {
    const second = digits(text, at + 1, 2)
    if (second === undefined || second > 59) return undefined
    time += second * 1000
    at += 3
    if (text.charAt(at) === '.') {
      const end = skipDigits(text, at + 1)
      if (end === at + 1) return undefined
      time += Math.trunc(Number(text.slice(at, end)) * 1000)
      at = end
    }
  }
  const zone = parseZone(text, at)
  return zone === undefined ? undefined : time - zone
}

/** `Z`, `+hh:mm` or nothing, in milliseconds ahead of UTC. */
function parseZone(text: string, at: number): number | undefined {
  const sign = text.charAt(at)
  if (at === text.length) return 0
  if (sign === 'Z') return text.length === at + 1 ? 0 : undefined
  const hour = digits(text, at + 1, 2)
  const minute = digits(text, at + 4, 2)
  const complete = text.length === at + 6 && text.charAt(at + 3) === ':'
  if (!complete || hour === undefined || minute === undefined) return undefined
  if ((sign !== '+' && sign !== '-') || hour > 23 || minute > 59) return undefined
  return (sign === '-' ? -1 : 1) * (hour * 60 + minute) * 60_000
}

/** `Date.UTC` reads the years before 100 as those of the 20th century; the calendar repeats itself every 400 years. */
function startOfDay(year: number, month: number, day: number): number {
  return Date.UTC(year + 400, month - 1, day) - fourCenturies
}

const fourCenturies = 146_097 * 86_400_000

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** A number of so many digits. */
function digits(text: string, start: number, count: number): number | undefined {
  let number = 0
  for (let at = start; at < start + count; at++) {
    const digit = text.charCodeAt(at) - 48
    // Behind the end of the text it is not a number.
    if (!(digit >= 0 && digit <= 9)) return undefined
    number = number * 10 + digit
  }
  return number
}

function skipDigits(text: string, start: number): number {
  let at = start
  while (digits(text, at, 1) !== undefined) at++
  return at
}
