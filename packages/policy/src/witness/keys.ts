import type { ContextInput } from '../evaluate/context.ts'
import type { KeyDomain, OpenRequest } from './question.ts'

/** What a request says of a key. */
export type Covered =
  | { readonly type: 'known'; readonly value: ContextInput | undefined }
  | { readonly type: 'chosen' | 'open'; readonly domain: KeyDomain }

/** Any text, or absent. */
const ANYTHING: KeyDomain = { mayBeAbsent: true }
const ABSENT: Covered = { type: 'known', value: undefined }

/** What a request says of a key, which is given in lower case. */
export function coverOf(request: OpenRequest, key: string): Covered {
  for (const [name, value] of Object.entries(request.context))
    if (name.toLowerCase() === key) return { type: 'known', value }
  let best = -1
  let covered: Covered = { type: 'open', domain: ANYTHING }
  const consider = (name: string, found: Covered): void => {
    const weight = weightOf(name.toLowerCase(), key)
    if (weight <= best) return
    best = weight
    covered = found
  }
  for (const name of request.absent ?? []) consider(name, ABSENT)
  for (const [name, domain] of Object.entries(request.chosen ?? {}))
    consider(name, { type: 'chosen', domain })
  for (const [name, domain] of Object.entries(request.open ?? {})) consider(name, { type: 'open', domain })
  return covered
}

/** How closely a name covers a key: -1 if it does not; a full name is closer than any start. */
function weightOf(name: string, key: string): number {
  if (name === key) return Number.POSITIVE_INFINITY
  return name.endsWith('*') && key.startsWith(name.slice(0, -1)) ? name.length : -1
}
