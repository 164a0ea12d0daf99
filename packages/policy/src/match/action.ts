import { compileGlob, type Matcher } from './glob.ts'
import { Remembered } from './remembered.ts'

/** Actions ignore case: patterns are lowered when compiled, and a request's action when first seen (behaviour POL-080). */
export function compileAction(pattern: string): Matcher {
  return compileGlob(pattern.toLowerCase(), { wildcards: true, variables: false })
}

/** Maximum spellings of actions to remember. A server asks about the same ones repeatedly. */
const spellings = 16_384
/** Maximum characters of an action to remember. */
const longest = 128
const lowered = new Remembered<string>(spellings)

/** An action in lower case. Equal spellings return the same string, whose hash the runtime caches. */
export function lowerAction(action: string): string {
  const known = lowered.get(action)
  if (known !== undefined) return known
  const lower = action.toLowerCase()
  if (action.length <= longest) lowered.set(action, lower)
  return lower
}

export function isWild(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?')
}

/** The vendor of an action or pattern: the text before the colon, if it has no wildcard. */
export function vendorOf(action: string): string | undefined {
  const colon = action.indexOf(':')
  if (colon === -1) return undefined
  const vendor = action.slice(0, colon)
  return isWild(vendor) ? undefined : vendor
}
