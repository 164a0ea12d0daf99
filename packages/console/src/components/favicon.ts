import { genesOf, maskSvg } from 'omen-iam/masks'
import { useEffect } from 'react'
import type { Identity } from '../client/identity.ts'
import { useMasks } from '../client/masks.ts'

/** Makes the icon of the tab the mask that is worn in it, and its title the name; the bare face has a plain icon. */
export function useFavicon({ role }: Identity, name: string): void {
  const mask = useMasks().get(role?.id ?? '')
  const id = role?.id
  const family = mask?.family ?? 'kitsune'
  const turn = mask?.turn ?? 0
  useEffect(() => {
    const svg = id === undefined ? plain : maskSvg(family, genesOf(id, turn), { disc: true })
    const link = document.querySelector('link[rel="icon"]')
    link?.setAttribute('href', `data:image/svg+xml,${encodeURIComponent(svg)}`)
    document.title = `${name} – Omen`
  }, [id, family, turn, name])
}

const plain =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="30" fill="#FFF8EA"/><path d="M18 30h8M38 30h8M24 44q8 6 16 0" fill="none" stroke="#1C1C1C" stroke-width="4" stroke-linecap="round"/></svg>'
