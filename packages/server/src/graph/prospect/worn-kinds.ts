import type { Technique } from '../../authorization/catalogue/index.ts'

/** An action by which resources of a type are looked for that wear a role; empty: all of them are. */
export interface WornKind {
  readonly kind: string
  readonly action: string
}

/** The action on the resource that wears a role; empty if there is none. */
export function wearerAction({ needs }: Technique): string {
  return needs.find(({ on }) => on.is === 'wearer')?.action ?? ''
}

/** By the type of the resources. */
export function wornKindsOf(techniques: readonly Technique[]): ReadonlyMap<string, readonly WornKind[]> {
  const found = new Map<string, Map<string, WornKind>>()
  for (const technique of techniques)
    for (const type of technique.wornBy ?? []) {
      const action = wearerAction(technique)
      const kinds = found.get(type) ?? new Map<string, WornKind>()
      found.set(type, kinds.set(action, { kind: `${type} ${action}`, action }))
    }
  return new Map([...found].map(([type, kinds]) => [type, [...kinds.values()]]))
}
