/** POL-133: a decimal number, with an exponent of at most nine digits. */
export function isDecimal(text: string): boolean {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,9})?$/.test(text)
}

/** POL-133: below zero, zero or above zero, exactly. Exponents so large that no other number drawn is near decide alone. */
export function compareDecimals(one: string, other: string): number {
  // Units of 10^-200 suffice for all but a few, and cost far less.
  const isUsual = !/e[+-]?\d{3}/i.test(`${one} ${other}`)
  const [a, b] = [exactly(one, isUsual ? 200 : 6_000), exactly(other, isUsual ? 200 : 6_000)]
  return a === b ? 0 : a < b ? -1 : 1
}

function exactly(text: string, units: number): bigint {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  const power = Math.max(-5_000, Math.min(5_000, Number(exponent)))
  const size = BigInt(whole + fraction) * 10n ** BigInt(units + power - fraction.length)
  return mantissa.startsWith('-') ? -size : size
}

/** Epoch seconds, or one of the W3C forms of ISO 8601. POL-097, POL-133 */
export function readDate(text: string): number | undefined {
  if (/^[+-]?\d+(\.\d+)?$/.test(text) && !/^\d{4}$/.test(text)) return Number(text) * 1000
  const month = '(?:0[1-9]|1[0-2])'
  const day = '(?:0[1-9]|[12]\\d|3[01])'
  const hour = '(?:[01]\\d|2[0-3])'
  const time = `${hour}:[0-5]\\d(?::[0-5]\\d(?:\\.\\d+)?)?(?:Z|[+-]${hour}:[0-5]\\d)?`
  const found = new RegExp(`^(\\d{4})(?:-(${month})(?:-(${day})(?:T${time})?)?)?$`).exec(text)
  if (found === null) return undefined
  const [, year = '', written = '01', date = '01'] = found
  // The calendar repeats itself every 400 years; the last day of a month is the one before the next month's first.
  const last = new Date(Date.UTC(2_000 + (Number(year) % 400), Number(written), 0)).getUTCDate()
  if (Number(date) > last) return undefined
  return Date.parse(/T[^Z+-]*$/.test(text) ? `${text}Z` : text)
}
