import { genesOf, type MaskState, maskBody } from 'omen-iam/masks'
import { useSyncExternalStore } from 'react'
import { useMasks } from '../client/masks.ts'

/** A role as its mask is drawn. */
export interface MaskOf {
  readonly name: string
  /** The role's unique id. */
  readonly id: string
}

interface MaskProps {
  readonly role: MaskOf
  /** Width and height in pixels. */
  readonly size: number
  readonly state?: MaskState
}

/** The mask of a role, on a disc of paper. The name is beside it, so screen readers skip the drawing. */
export function Mask({ role, size, state = 'plain' }: MaskProps) {
  const initials = useInitials()
  const mask = useMasks().get(role.id)
  if (initials)
    return (
      <span className="mask-initials" aria-hidden="true" style={{ inlineSize: size, blockSize: size }}>
        {role.name.slice(0, 2).toUpperCase()}
      </span>
    )
  const body = maskBody(mask?.family ?? 'kitsune', genesOf(role.id, mask?.turn ?? 0), state, true)
  return (
    <svg
      className="mask"
      viewBox="0 0 64 64"
      width={size}
      height={size}
      aria-hidden="true"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the drawing holds numbers and colours of ours, no text
      dangerouslySetInnerHTML={{ __html: body }}
    />
  )
}

const key = 'omen.initials'
const listeners = new Set<() => void>()

/** Whether masks are shown as plain initials. */
export function useInitials(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => localStorage.getItem(key) === 'yes',
  )
}

export function chooseInitials(initials: boolean): void {
  localStorage.setItem(key, initials ? 'yes' : 'no')
  for (const listener of listeners) listener()
}
