import type { CompiledSet } from '../compile/compile.ts'
import type { PolicySource } from '../document/set.ts'
import type { LayerName } from '../request/decision.ts'
import { applyEdit, layerAt, placesOf } from './apply.ts'
import type { Edit } from './edit.ts'

/** A policy that edits change: as it is and as it would be. Absent where edits make it, or remove its last statement. */
export interface EditedPolicy {
  readonly layer: LayerName
  readonly before?: PolicySource
  readonly after?: PolicySource
}

/**
 * The policies that edits change, in order. Each of `edits` applies to what the ones before it have left.
 * Undefined if an edit does not fit the set.
 */
export function editedPolicies(
  compiled: CompiledSet,
  edits: readonly Edit[],
): readonly EditedPolicy[] | undefined {
  let after: CompiledSet | undefined = compiled
  for (const edit of edits) after = after && applyEdit(after, edit)
  if (after === undefined) return undefined
  const found: EditedPolicy[] = []
  for (const place of placesOf({ ...compiled, ...after })) {
    const [was, is] = [layerAt(compiled, place)?.policies ?? [], layerAt(after, place)?.policies ?? []]
    const made = is.filter((each) => !was.includes(each))
    for (const before of was) {
      if (is.includes(before)) continue
      const at = made.findIndex(({ source }) => source === before.source)
      const [now] = at < 0 ? [] : made.splice(at, 1)
      found.push({ layer: place.layer, before, ...(now && { after: now }) })
    }
    for (const now of made) found.push({ layer: place.layer, after: now })
  }
  return found
}
