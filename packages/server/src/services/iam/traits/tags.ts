import type { Call, Operation } from '../../../authorization/index.ts'
import type { Tag } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { checkQuota, invalidInput } from '../faults.ts'
import { type Paging, page, sortedBy } from '../page.ts'
import { asks, get, requestTags, type Target } from '../target.ts'

interface Tagged {
  readonly tags: readonly Tag[]
}

/** Tags of one kind of entity: set, remove, list. */
export function tagging<R extends Tagged, I>(
  target: Target<R, I>,
): {
  readonly tag: Operation<I & { readonly Tags: readonly Tag[] }, undefined>
  readonly untag: Operation<I & { readonly TagKeys: readonly string[] }, undefined>
  readonly list: Operation<I & Paging, Iam.ListUserTagsResponse>
} {
  return {
    tag: {
      ...asks(target, (input: I & { readonly Tags: readonly Tag[] }) => requestTags(input.Tags)),
      run(input, call) {
        if (input.Tags.length === 0) throw invalidInput('Error occurred while validating input. ') // behaviour IAM-231
        const record = get(target, input, call)
        const tags = mergedTags(target, record.tags, input.Tags)
        checkTagCount(target, tags, call)
        call.account.table(target.table).put({ ...record, tags })
      },
    },
    untag: {
      ...asks(target, (input: I & { readonly TagKeys: readonly string[] }) => ({
        'aws:TagKeys': input.TagKeys,
      })),
      run(input, call) {
        const record = get(target, input, call)
        const gone = new Set(input.TagKeys.map((key) => sameKey(target, key)))
        const tags = record.tags.filter((tag) => !gone.has(sameKey(target, tag.Key)))
        if (tags.length !== record.tags.length) call.account.table(target.table).put({ ...record, tags })
      },
    },
    list: {
      ...asks(target),
      run(input, call) {
        const record = get(target, input, call)
        const { items, rest } = page(
          sortedBy(record.tags, (tag) => tag.Key),
          (tag) => tag.Key,
          input,
        )
        return { Tags: items, ...rest }
      },
    },
  }
}

/** Returns the tags of a new entity. @throws Fault if they break the rules (behaviours IAM-TAG-1 to IAM-TAG-4) */
export function newTags<R>(
  target: Target<R, never>,
  tags: readonly Tag[] | undefined,
  call: Call,
): readonly Tag[] {
  const merged = mergedTags(target, [], tags ?? [])
  checkTagCount(target, merged, call)
  return merged
}

/** Returns `Tags` as answers contain them: absent if there are none. */
export function tagsOut(tags: readonly Tag[]): { readonly Tags?: readonly Tag[] } {
  return tags.length === 0 ? {} : { Tags: tags }
}

/** Sorted by key, as in the answers about identity providers (behaviour IAM-TAG-5). */
export function sortedTags(tags: readonly Tag[]): readonly Tag[] {
  return sortedBy(tags, (tag) => tag.Key)
}

/** A repeated key replaces the tag of that key, including the key's case (behaviour IAM-TAG-2). */
function mergedTags<R>(
  target: Target<R, never>,
  before: readonly Tag[],
  given: readonly Tag[],
): readonly Tag[] {
  const tags = new Map(before.map((tag) => [sameKey(target, tag.Key), tag]))
  const keysSeen = new Set<string>()
  for (const { Key, Value } of given) {
    const key = sameKey(target, Key)
    if (/^aws:/i.test(key)) {
      throw invalidInput('Tag keys beginning with aws: are reserved for system use.')
    }
    if (keysSeen.has(key)) {
      const note = target.tagging?.ignoresCase ? ' Please note that Tag keys are case insensitive.' : ''
      throw invalidInput(`Duplicate tag keys found.${note}`)
    }
    keysSeen.add(key)
    tags.set(key, { Key, Value })
  }
  return [...tags.values()]
}

/** Returns the key that distinguishes a tag from the entity's others (behaviour IAM-TAG-7). */
function sameKey<R>({ tagging }: Target<R, never>, key: string): string {
  return tagging?.ignoresCase ? key.toLowerCase() : key
}

function checkTagCount<R>(target: Target<R, never>, tags: readonly Tag[], call: Call): void {
  if (target.tagging !== undefined) checkQuota(call, target.tagging.quota, tags.length)
}
