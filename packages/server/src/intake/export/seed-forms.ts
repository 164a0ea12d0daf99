import { type Tag, tagTexts } from '../../directory/index.ts'

/** Things by name, as a seed writes them; undefined, which leaves the member out, if there are none. */
export function named<T extends { readonly name?: string | undefined }>(
  things: readonly T[],
  write: (thing: T) => unknown,
) {
  return things.length === 0
    ? undefined
    : Object.fromEntries(things.map((thing) => [thing.name, write(thing)]))
}

/** A list as a seed writes it; undefined if it is empty. */
export function some<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list
}

/** Tags as a seed writes them; undefined if there are none. */
export function tagsOf(tags: readonly Tag[] | undefined) {
  return tags === undefined || tags.length === 0 ? undefined : tagTexts(tags)
}
