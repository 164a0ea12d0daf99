import type { Policy } from '@omen-iam/policy'
import type { SessionGift } from './trust-question.ts'

/** The most values that are tried. */
const most = 60

/**
 * What conditions ask of a session: its tags, its source identity, and its name, which is the second half of aws:userid.
 * Of a pattern some text that fits.
 */
export function giftsIn(policies: readonly Policy[], roleId: string | undefined): readonly SessionGift[] {
  const found = new Map<string, SessionGift>()
  const add = (key: string, value: string): void => {
    const text = fitting(value)
    // STS takes names and source identities of 2 to 64 characters.
    const isTaken = key.includes('/') || /^[\w+=,.@-]{2,64}$/.test(text)
    if (isTaken && !value.includes('${') && found.size < most)
      found.set(`${key}=${value}`, { key, value: text })
  }
  for (const { text, statements } of policies) {
    if (!/aws:(?:PrincipalTag|SourceIdentity|userid)/i.test(text)) continue
    for (const { condition } of statements) {
      for (const { key, values } of condition) {
        const tag = /^aws:PrincipalTag\/(.+)$/i.exec(key)?.[1]
        for (const { value } of values) {
          if (tag !== undefined) add(`aws:PrincipalTag/${tag}`, value)
          else if (/^aws:SourceIdentity$/i.test(key)) add('aws:SourceIdentity', value)
          else if (/^aws:userid$/i.test(key)) {
            const [id = '', name] = value.split(':')
            if (name !== undefined && (id === roleId || id.includes('*'))) add('name', name)
          }
        }
      }
    }
  }
  return [...found.values()]
}

/** A text that a pattern matches, of two letters at least. */
function fitting(pattern: string): string {
  const text = pattern.replaceAll('*', 'omen').replaceAll('?', 'o')
  return text.length === 0 ? 'omen' : text
}
