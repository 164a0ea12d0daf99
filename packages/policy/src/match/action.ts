import { compileGlob, type Matcher } from './glob.ts'
import { Remembered } from './remembered.ts'

/** Actions ignore case: patterns are lowered when compiled, the request's action once when first seen. [POL-080] */
export function compileAction(pattern: string): Matcher {
  return compileGlob(pattern.toLowerCase(), { wildcards: true, variables: false })
}

/** Spellings of actions that are remembered; a server asks about the same ones again and again. */
const SPELLINGS = 16_384
/** Characters of an action that is worth remembering. */
const LONGEST = 128
const lowered = new Remembered<string>(SPELLINGS)

/** An action in lower case. The same spelling gives the same string, whose hash the runtime then knows. */
export function lowerAction(action: string): string {
  const known = lowered.get(action)
  if (known !== undefined) return known
  const lower = action.toLowerCase()
  if (action.length <= LONGEST) lowered.set(action, lower)
  return lower
}

export function isWild(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?')
}

/** The vendor of an action or pattern: what stands before the colon, if that is plain text. */
export function vendorOf(action: string): string | undefined {
  const colon = action.indexOf(':')
  if (colon === -1) return undefined
  const vendor = action.slice(0, colon)
  return isWild(vendor) ? undefined : vendor
}
