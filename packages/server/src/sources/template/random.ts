/** The characters of the suffix of a name that CloudFormation makes. */
const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/**
 * Pseudo-random characters that depend only on the seed, so that one template always gives the same names. They are not
 * secret: two multiplications by large odd numbers (MurmurHash3's finalizer) mix the bits.
 */
export function derivedCharacters(seed: string, length: number): string {
  let state = 0x9e3779b9
  for (let at = 0; at < seed.length; at++) state = mixed(state ^ seed.charCodeAt(at))
  let made = ''
  for (let at = 0; at < length; at++) {
    state = mixed(state + 0x6d2b79f5)
    made += characters[state % characters.length]
  }
  return made
}

function mixed(value: number): number {
  let state = value | 0
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return (state ^ (state >>> 16)) >>> 0
}
