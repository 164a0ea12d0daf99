import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { KnownService, ServiceModel } from './types.ts'

/** The APIs that have a model. Which of them are served is the house's choice, not the model's. */
export const serviceIds = [
  'iam',
  'sts',
  'cloudtrail',
  'organizations',
  'ec2',
  'lambda',
  'signin',
  'iam-toolbox',
] as const

export type ServiceId = (typeof serviceIds)[number]

const loaded = new Map<ServiceId, ServiceModel>()
let known: readonly KnownService[] | undefined

/** The model of one API; read from its file once, when first asked for. */
export function loadModel(id: ServiceId): ServiceModel {
  let model = loaded.get(id)
  if (!model) {
    model = readJson(`${id}.json`) as ServiceModel // tools/models.ts writes exactly this type
    loaded.set(id, model)
  }
  return model
}

/** Every service that AWS has, to name one that is not served. Read when first asked for. */
export function knownServices(): readonly KnownService[] {
  known ??= readJson('known.json') as readonly KnownService[] // tools/models.ts writes exactly this type
  return known
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(fileURLToPath(new URL(`../../models/${name}`, import.meta.url)), 'utf8'))
}
