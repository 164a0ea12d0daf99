import type { Mode } from '../base/index.ts'

/** The outcome of a call: it continues, it continues although it was denied, or it is refused. */
export type Enforcement = 'allow' | 'letThrough' | 'refuse'

/**
 * Applies a mode to a verdict. No other code decides this. An unknown mode refuses what was denied: a misspelt setting
 * must not permit anything.
 */
export function enforce(mode: Mode, { denied }: { readonly denied: boolean }): Enforcement {
  if (!denied) return 'allow'
  switch (mode) {
    case 'audit':
    case 'off':
      return 'letThrough'
    default:
      return 'refuse'
  }
}

/** Returns whether a mode refuses what the policies deny. */
export function refuses(mode: Mode): boolean {
  return enforce(mode, { denied: true }) === 'refuse'
}
