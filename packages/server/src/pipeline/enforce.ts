import type { Mode } from '../base/index.ts'

/** What becomes of a call: it goes on, it goes on although it was denied, or it is refused. */
export type Enforcement = 'allow' | 'letThrough' | 'refuse'

/**
 * What a mode makes of a verdict. This is the only place that decides it. A mode that is not known refuses what was
 * denied: a typing error in a setting must not open anything.
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
