import { useSyncExternalStore } from 'react'

const key = 'omen.singleKeys'
const listeners = new Set<() => void>()

/** Whether single keys are shortcuts. Who speaks to the machine, or touches keys by accident, turns them off (WCAG 2.1.4). */
export function useSingleKeys(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => localStorage.getItem(key) !== 'no',
  )
}

export function chooseSingleKeys(use: boolean): void {
  localStorage.setItem(key, use ? 'yes' : 'no')
  for (const listener of listeners) listener()
}

/** Whether a key goes into a text, so that it is no shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input:not([type="checkbox"]), textarea, select, [role="combobox"]') !== null)
  )
}
