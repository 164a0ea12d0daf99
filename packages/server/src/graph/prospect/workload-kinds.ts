import type { Technique } from '../../authorization/catalogue/index.ts'

/** An action by which resources of a type are looked for that run as a role; empty: all of them are. */
export interface WorkloadKind {
  readonly kind: string
  readonly action: string
}

/** The action on the resource that runs as a role; empty if there is none. */
export function workloadAction({ needs }: Technique): string {
  return needs.find(({ on }) => on.is === 'workload')?.action ?? ''
}

/** By the type of the resources. */
export function workloadKindsOf(
  techniques: readonly Technique[],
): ReadonlyMap<string, readonly WorkloadKind[]> {
  const found = new Map<string, Map<string, WorkloadKind>>()
  for (const technique of techniques)
    for (const type of technique.workloads ?? []) {
      const action = workloadAction(technique)
      const kinds = found.get(type) ?? new Map<string, WorkloadKind>()
      found.set(type, kinds.set(action, { kind: `${type} ${action}`, action }))
    }
  return new Map([...found].map(([type, kinds]) => [type, [...kinds.values()]]))
}
