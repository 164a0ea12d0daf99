const ISO =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d\d(?::?\d\d)?)?)?)?)?$/

/**
 * A moment in milliseconds: a W3C profile of ISO 8601 (from the year alone to fractions of a second; UTC unless it
 * says otherwise), or seconds since the epoch. Undefined for anything else.
 */
export function parseDate(text: string): number | undefined {
  if (/^-?\d+(?:\.\d+)?$/.test(text) && text.length !== 4) return Number(text) * 1000
  const found = ISO.exec(text)
  if (found === null) return undefined
  const [
    ,
    year,
    month = '01',
    day = '01',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '0',
    zone = 'Z',
  ] = found
  const fields = [month, day, hour, minute, second].map(Number)
  const [m = 1, d = 1, h = 0, min = 0, s = 0] = fields
  if (m < 1 || m > 12 || d < 1 || d > daysIn(Number(year), m) || h > 24 || min > 59 || s > 60)
    return undefined
  const moment = Date.UTC(Number(year), m - 1, d, h, min, s) + Number(`0.${fraction}`) * 1000
  return moment - zoneOffset(zone)
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

function zoneOffset(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const sign = zone.startsWith('-') ? -1 : 1
  const hours = Number(zone.slice(1, 3))
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0
  return sign * (hours * 60 + minutes) * 60_000
}
