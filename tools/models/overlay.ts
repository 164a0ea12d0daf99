import { existsSync, readFileSync } from 'node:fs'
import type { ServiceModel } from '../../packages/server/src/model/index.ts'

/** One correction of ours to a derived model. */
interface Correction {
  /** Why the published model is not followed here, and what says so. */
  readonly reason: string
  /** The way to the value, for example `["shapes", "roleNameType", "max"]`. */
  readonly path: readonly string[]
  /** The new value; null takes the value away. */
  readonly value: unknown
}

/** The model with the corrections in `file`, where there is one. */
export function applyOverlay(model: ServiceModel, file: string): ServiceModel {
  if (!existsSync(file)) return model
  const corrections: readonly Correction[] = JSON.parse(readFileSync(file, 'utf8'))
  const corrected: Record<string, unknown> = structuredClone({ ...model })
  for (const { reason, path, value } of corrections) {
    if (!reason) throw new Error(`${file}: a correction of ${path.join('.')} gives no reason`)
    let parent = corrected
    for (const step of path.slice(0, -1)) {
      const next = parent[step]
      if (typeof next !== 'object' || next === null)
        throw new Error(`${file}: ${path.join('.')} leads nowhere`)
      parent = next as Record<string, unknown> // an object of a JSON text
    }
    const last = path.at(-1)!
    if (value === null) delete parent[last]
    else parent[last] = value
  }
  return corrected as unknown as ServiceModel // a clone of one, changed where the overlay says
}
