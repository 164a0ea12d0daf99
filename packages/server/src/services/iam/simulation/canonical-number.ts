const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i

/**
 * Writes a decimal number as the simulator's conditions on texts see it: without a plus sign and leading zeros, but with the zeros at
 * its end, and with an exponent where AWS's runtime (Java's BigDecimal) writes one (behaviour SIM-44). @param text a number that the
 * engine reads
 */
export function canonicalNumber(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = form.exec(text) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, '')
  const scale = fraction.length - Number(exponent)
  const minus = sign === '-' && digits !== '0' && /[1-9]/.test(digits) ? '-' : ''
  const power = digits.length - 1 - scale
  if (scale === 0) return minus + digits
  if (scale > 0 && power >= -6) {
    const padded = digits.padStart(scale + 1, '0')
    return `${minus}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
  }
  const rest = digits.slice(1)
  const ten = `E${power < 0 ? '' : '+'}${power}`
  return `${minus}${digits.charAt(0)}${rest === '' ? '' : `.${rest}`}${power === 0 ? '' : ten}`
}
