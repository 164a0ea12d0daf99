import { type Policy, wildcardMatcher } from '@omen-iam/policy'
import { textFor } from '../world/pattern.ts'
import { isWritableTag } from '../world/tag-pairs.ts'
import type { SessionGift } from './carried.ts'

/** Whether a gift is a tag. */
export function isTag(key: string): boolean {
  return key.startsWith('aws:PrincipalTag/')
}

/** The tags among what a session is given. */
export function tagsOfGifts(gifts: readonly SessionGift[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    gifts.flatMap(({ key, value }) => (isTag(key) ? [[key.slice(key.indexOf('/') + 1), value]] : [])),
  )
}

/** The most source identities that are tried. */
const most = 60

/** The demands of policies on a session: each gift, and those that one statement asks for together. */
export interface WantedGifts {
  readonly gifts: readonly SessionGift[]
  readonly together: readonly (readonly SessionGift[])[]
}

/**
 * The demands of policies on a session: its tags, its source identity, and its name. The name is the second half of aws:userid
 * and the end of the ARN by which a trust policy names the session. Of a pattern some text that fits.
 */
export function giftsIn(policies: readonly Policy[]): WantedGifts {
  const found = new Map<string, SessionGift>()
  const together: SessionGift[][] = []
  const naming = valuesIn(policies, /^sts:RoleSessionName$/i)
  for (const { text, statements } of policies) {
    if (!/aws:(?:PrincipalTag|SourceIdentity|userid)|:assumed-role\/|sts:RoleSessionName/i.test(text))
      continue
    for (const { condition, effect, principal } of statements) {
      for (const { value } of principal?.entries ?? []) {
        const name = /:assumed-role\/[^/]+\/(.+)$/.exec(value)?.[1]
        if (name !== undefined && isIdentity(name)) found.set(`name=${name}`, { key: 'name', value: name })
      }
      const ofStatement = new Map<string, SessionGift>()
      for (const { key, operator, values } of condition) {
        // A condition that must not be fulfilled asks for any other value.
        const isOther = /not/i.test(operator) !== (effect === 'Deny')
        const texts = values.map((each) => each.value)
        if (isOther && /^aws:userid$/i.test(key)) {
          const name = otherName(texts)
          if (name !== undefined) found.set(`name=${name}`, { key: 'name', value: name })
        }
        for (const value of isOther ? [''] : texts) {
          const gift = giftOf(key, value)
          if (gift === undefined) continue
          found.set(`${gift.key}=${value}`, gift)
          if (gift.key === 'name')
            for (const name of namesOfBoth(value.slice(value.indexOf(':') + 1), naming))
              found.set(`name=${name}`, { key: 'name', value: name })
          if (gift.key !== 'aws:SourceIdentity' && !ofStatement.has(gift.key)) ofStatement.set(gift.key, gift)
        }
      }
      if (ofStatement.size > 1) together.push([...ofStatement.values()])
    }
  }
  return { gifts: [...found.values()], together }
}

/** The demands of a role and trust policies, each once, with tags that are compared with existing ones. */
export function allGifts(
  own: WantedGifts,
  asked: WantedGifts,
  compared: readonly (readonly [key: string, value: string])[],
): WantedGifts {
  const tags = compared.map(([tag, value]) => ({ key: `aws:PrincipalTag/${tag}`, value }))
  const all = [...own.gifts, ...asked.gifts, ...tags]
  return {
    gifts: [...new Map(all.map((gift) => [JSON.stringify(gift), gift])).values()],
    together: [...own.together, ...asked.together],
  }
}

function giftOf(key: string, value: string): SessionGift | undefined {
  if (value.includes('${')) return undefined
  const text = fitting(value)
  const tag = /^aws:PrincipalTag\/(.+)$/i.exec(key)?.[1]
  if (tag !== undefined)
    return isWritableTag(tag) ? { key: `aws:PrincipalTag/${tag}`, value: text } : undefined
  if (/^aws:SourceIdentity$/i.test(key))
    return isIdentity(text) ? { key: 'aws:SourceIdentity', value: text } : undefined
  if (!/^aws:userid$/i.test(key)) return undefined
  // A pattern without a colon may match the name as well.
  const name = value.includes(':') || !value.startsWith('*') ? value.split(':')[1] : value
  if (name === undefined || !isIdentity(fitting(name))) return undefined
  return { key: 'name', value: fitting(name) }
}

/** A name of a session that no pattern of its user id matches, if most sessions have one that does. */
function otherName(patterns: readonly string[]): string | undefined {
  const matchers = patterns.map((pattern) => wildcardMatcher(pattern.slice(pattern.indexOf(':') + 1)))
  const isFree = (name: string): boolean => !matchers.some((matches) => matches(name))
  return isFree('omen') ? undefined : ['session-1', 'AA', '22', 'a=b@c.d_e'].find(isFree)
}

/** STS takes tags of these characters. */
const isTagText = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/iu

/**
 * The tags that a session may be asked for which gets them from the session before it: those of conditions on
 * aws:PrincipalTag, and in trust policies on aws:ResourceTag, which they override. [POL-057]
 */
export function tagsIn(policies: readonly Policy[]): readonly (readonly [key: string, value: string])[] {
  const found = new Map<string, readonly [string, string]>()
  for (const { kind, text, statements } of policies) {
    if (!/aws:(?:Principal|Resource)Tag/i.test(text)) continue
    const name = kind === 'trust' ? /^aws:(?:Principal|Resource)Tag\/(.+)$/i : /^aws:PrincipalTag\/(.+)$/i
    for (const { condition } of statements) {
      for (const { key, values } of condition) {
        const tag = name.exec(key)?.[1]
        if (tag === undefined || !isTagText.test(tag) || !isWritableTag(tag)) continue
        // The last one is for conditions that a tag must not fulfil.
        for (const text of [...values.map(({ value }) => fitting(value)), fitting('')]) {
          if (isTagText.test(text)) found.set(`${tag}=${text}`, [tag, text])
        }
      }
    }
  }
  return [...found.values()]
}

/** The patterns that trust policies ask a source identity to match. */
export function identityPatterns(trusts: readonly Policy[]): readonly string[] {
  return valuesIn(trusts, /^sts:SourceIdentity$/i)
}

/** The values of conditions on a key, without those that have policy variables. */
function valuesIn(policies: readonly Policy[], name: RegExp): readonly string[] {
  const patterns = new Set<string>()
  for (const { statements } of policies)
    for (const { condition } of statements)
      for (const { key, values } of condition)
        if (name.test(key)) for (const { value } of values) if (!value.includes('${')) patterns.add(value)
  return [...patterns].slice(0, 20)
}

/** Names that may match a pattern and one of some others. */
function namesOfBoth(pattern: string, others: readonly string[]): readonly string[] {
  if (!pattern.includes('*')) return []
  return others
    .filter((other) => other.includes('*'))
    .flatMap((other) => [mixed(pattern, other), mixed(other, pattern)])
    .map(fitting)
    .filter(isIdentity)
}

/** The start of one pattern and the end of another one. */
function mixed(one: string, other: string): string {
  return `${one.slice(0, one.indexOf('*'))}*${other.slice(other.lastIndexOf('*') + 1)}`
}

/**
 * Source identities that match some patterns: the given one, a text for each pattern, and of two patterns a text that
 * may match both, because one source identity must do for a chain of roles. Those that match the same are one.
 */
export function identitiesFor(patterns: readonly string[], first: string): readonly string[] {
  const open = patterns.filter((pattern) => pattern.includes('*'))
  const both = open.flatMap((one) => open.map((other) => mixed(one, other)))
  const matchers = patterns.map((pattern) => wildcardMatcher(pattern))
  const found = new Map<string, string>()
  for (const text of [first, ...[...patterns, ...both].map(fitting).filter(isIdentity)]) {
    const matched = matchers.map((matches) => (matches(text) ? '1' : '0')).join('')
    if (!found.has(matched)) found.set(matched, text)
  }
  return [...found.values()].slice(0, most)
}

/** STS takes names and source identities of 2 to 64 characters. */
function isIdentity(text: string): boolean {
  return /^[\w+=,.@-]{2,64}$/.test(text)
}

/** A text that a pattern matches, of two letters at least. */
function fitting(pattern: string): string {
  return textFor(pattern) || 'omen'
}
