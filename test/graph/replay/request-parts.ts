import assert from 'node:assert/strict'
import type { Request } from '@omen-iam/policy'
import type { Step } from '../../../packages/server/src/graph/index.ts'

/** The last part of an ARN. */
export function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** The path of a user, a role, a group or a policy. */
export function pathOf(arn: string, type: string): string {
  const path = arn.slice(arn.indexOf(`:${type}/`) + type.length + 1)
  return path.slice(0, path.lastIndexOf('/') + 1)
}

/** The key of a tag as it is written: condition keys ignore case. */
export function tagKey(keys: unknown, lowered: string): string {
  const all = Array.isArray(keys) ? keys.map(String) : []
  return all.find((each) => each.toLowerCase() === lowered) ?? lowered
}

/** A source identity that a condition matches: two characters at least. */
export function matching({ values }: Step['residual'][number]): string {
  return (values[0] ?? '').replaceAll('*', 'a').padEnd(2, 'a')
}

/** The tags that a request writes, or that a session gets by it. */
export function tagsIn({ context }: Request): readonly (readonly [string, string])[] {
  return [...context.entries()].flatMap(([key, value]) =>
    key.startsWith('aws:requesttag/') && typeof value === 'string'
      ? [[tagKey(context.get('aws:tagkeys'), key.slice('aws:requesttag/'.length)), value] as const]
      : [],
  )
}

/** Tags as a call takes them. */
export function tagInput(tags: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    tags.flatMap(([key, value], index) => [
      [`Tags.member.${index + 1}.Key`, key],
      [`Tags.member.${index + 1}.Value`, value],
    ]),
  )
}

/** The name of the session that makes a request. */
export function sessionOf({ principal }: Request): string {
  return principal.type === 'roleSession' ? nameOf(principal.sessionArn) : 'omen'
}

/** What follows the last occurrence of some words. */
export function afterLast(text: string, words: string): string {
  const place = text.lastIndexOf(words)
  assert.notEqual(place, -1, `${text} has no “${words}”`)
  return text.slice(place + words.length)
}

/** The requests of a step that can be taken. */
export function requestsOf({ proof }: Step): readonly Request[] {
  return proof !== undefined && 'witness' in proof ? proof.witness.requests : []
}
