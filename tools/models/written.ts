import { readFileSync } from 'node:fs'
import type { ServiceModel } from '../../packages/server/src/model/index.ts'

/** A model that no source has yet, written by hand from AWS's API reference, and why. */
interface Written {
  readonly reason: string
  readonly model: ServiceModel
}

/** The model in `file`. @throws where it gives no reason */
export function writtenModel(file: string): ServiceModel {
  const { reason, model }: Written = JSON.parse(readFileSync(file, 'utf8'))
  if (!reason) throw new Error(`${file} gives no reason`)
  return model
}
