import type { Item, LoadedAccount } from '../account-types.ts'
import type { LoadedPart } from './accounts.ts'

/** Puts an account together of its parts; begins anew if it has changed between two of them. */
export async function loadInParts(
  ask: (after?: Pick<Item, 'kind' | 'id'>) => Promise<LoadedPart | undefined>,
): Promise<LoadedAccount | undefined> {
  for (;;) {
    const first = await ask()
    if (first?.isCut !== true) return first
    const { revision, lineage } = first
    const items = [...first.items]
    let part: LoadedPart | undefined = first
    while (part?.isCut === true && part.lineage === lineage) {
      part = await ask(items.at(-1))
      for (const item of part?.items ?? []) items.push(item)
    }
    if (part?.lineage === lineage) return { revision, lineage, items }
  }
}
