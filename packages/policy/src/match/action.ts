import { compileGlob, type Matcher } from './glob.ts'

/** Actions ignore case: patterns are lowered when compiled, the request's action once when first seen. [POL-080] */
export function compileAction(pattern: string): Matcher {
  return compileGlob(pattern.toLowerCase(), { wildcards: true, variables: false })
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
