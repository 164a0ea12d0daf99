import { useState } from 'react'

/** A draft's longest text: no policy is longer. */
const most = 262_144

/**
 * Text that was typed and not saved. It is kept in the tab until it is saved or discarded, so that a reload, or a
 * session that ends, loses nothing.
 * @param id names the draft
 * @returns the draft, undefined if there is none, and what sets it
 */
export function useDraft(id: string): readonly [string | undefined, (text: string | undefined) => void] {
  const key = `omen.draft/${id}`
  const [draft, setDraft] = useState<string | undefined>(() => sessionStorage.getItem(key) ?? undefined)
  return [
    draft,
    (text) => {
      if (text === undefined || text.length > most) sessionStorage.removeItem(key)
      else sessionStorage.setItem(key, text)
      setDraft(text)
    },
  ]
}
