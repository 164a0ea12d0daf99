import { perObject } from '../../base/index.ts'
import type { SessionGift } from './carried.ts'

/**
 * A change that an attacker can make to policies. Changes of a principal or a group are about what it has; changes of a
 * policy are about everyone who has that policy.
 */
export type Change =
  /** A policy that allows everything is added. */
  | { readonly is: 'everything'; readonly arn: string }
  /** A managed policy is attached. */
  | { readonly is: 'attached'; readonly arn: string; readonly policy: string }
  /** A user joins a group. */
  | { readonly is: 'joined'; readonly arn: string; readonly group: string }
  /** A document of a principal is taken away, by its key. */
  | { readonly is: 'without'; readonly arn: string; readonly key: string }
  /** The boundary is removed, or replaced by a policy. */
  | { readonly is: 'boundary'; readonly arn: string; readonly policy: string | undefined }
  /** A managed policy gets another version; undefined: a new one that allows everything. */
  | { readonly is: 'version'; readonly arn: string; readonly version: string | undefined }
  /** A principal gets a tag, or loses it if there is no value. */
  | {
      readonly is: 'tag'
      readonly arn: string
      readonly key: string
      readonly value: string | undefined
      /** Tags that the same call writes, or takes away. */
      readonly also?: Readonly<Record<string, string>>
    }
  /** A user leaves a group. */
  | { readonly is: 'left'; readonly arn: string; readonly group: string }
  /** The trust policy of a role lets in whom the attacker chooses. */
  | { readonly is: 'trust'; readonly arn: string }
  /** The account is no longer bound by SCPs. */
  | { readonly is: 'unbound'; readonly arn: string }

/** The name of a change: equal changes have equal names. */
export const changeName: (change: Change) => string = perObject((change: Change): string => {
  switch (change.is) {
    case 'everything':
      return `${change.arn} allows everything`
    case 'attached':
      return `${change.arn} has ${change.policy}`
    case 'joined':
      return `${change.arn} is in ${change.group}`
    case 'without':
      return `${change.arn} is without ${change.key}`
    case 'boundary':
      return `${change.arn} has the boundary ${change.policy ?? 'none'}`
    case 'version':
      return `${change.arn} has the version ${change.version ?? 'that allows everything'}`
    case 'tag':
      return change.value === undefined
        ? `${change.arn} is without the tag ${change.key}${alsoName(change.also)}`
        : `${change.arn} has the tag ${change.key}=${change.value}${alsoName(change.also)}`
    case 'left':
      return `${change.arn} is not in ${change.group}`
    case 'trust':
      return `${change.arn} lets in whom the attacker chooses`
    case 'unbound':
      return `${change.arn} is not bound by SCPs`
  }
})

function alsoName(also: Readonly<Record<string, string>> = {}): string {
  return Object.entries(also)
    .map(([key, value]) => `, ${key}=${value}`)
    .join('')
}

/** The tags of something after a change of tags. Keys that differ only in case are the same key. */
export function tagsAfter(
  tags: Readonly<Record<string, string>>,
  { key, value, also = {} }: Extract<Change, { is: 'tag' }>,
): Readonly<Record<string, string>> {
  const named = new Set([key, ...Object.keys(also)].map((each) => each.toLowerCase()))
  const kept = Object.entries(tags).filter(([each]) => !named.has(each.toLowerCase()))
  return { ...Object.fromEntries(kept), ...(value === undefined ? {} : { ...also, [key]: value }) }
}

/** Names the gifts of a session. */
export function giftsName(gifts: readonly SessionGift[]): string {
  return gifts.map(({ key, value }) => `${key}=${value}`).join(', ')
}

/** The subject of a change: of two changes of one subject, the later one counts. */
export function subjectOf(change: Change): string {
  switch (change.is) {
    case 'version':
    case 'boundary':
      return `${change.is} ${change.arn}`
    case 'tag':
      return `tag ${change.arn} ${change.key}`
    case 'joined':
    case 'left':
      return `group ${change.arn} ${change.group}`
    case 'attached':
      return `document ${change.arn} ${change.policy}`
    case 'without':
      return `document ${change.arn} ${change.key}`
    default:
      return changeName(change)
  }
}

/** The subjects of a change: of tags, each. */
export function subjectsOf(change: Change): readonly string[] {
  if (change.is !== 'tag' || change.also === undefined) return [subjectOf(change)]
  return [change.key, ...Object.keys(change.also)].map((key) => subjectOf({ ...change, key }))
}
