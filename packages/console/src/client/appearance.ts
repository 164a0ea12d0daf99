import { applyMode, Mode } from '@cloudscape-design/global-styles'
import { useSyncExternalStore } from 'react'

export type Appearance = 'light' | 'dark'

const key = 'omen.appearance'
const listeners = new Set<() => void>()

let current: Appearance = initial()
apply()

/** The appearance of the page, light or dark. */
export function useAppearance(): Appearance {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
}

export function chooseAppearance(appearance: Appearance): void {
  current = appearance
  localStorage.setItem(key, appearance)
  apply()
  for (const listener of listeners) listener()
}

function initial(): Appearance {
  const kept = localStorage.getItem(key)
  if (kept === 'light' || kept === 'dark') return kept
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

function apply(): void {
  applyMode(current === 'dark' ? Mode.Dark : Mode.Light)
  document.documentElement.style.colorScheme = current
}
