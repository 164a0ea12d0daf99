import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { KnownService, ServiceHead, ServiceModel } from './types.ts'

/** The APIs that have a model. The server chooses which of them it serves. */
export const serviceIds = [
  'iam',
  'sts',
  'cloudtrail',
  'organizations',
  'ec2',
  'lambda',
  'signin',
  'sso',
  'sso-admin',
  'sso-oidc',
  'identitystore',
  'eks',
  'eks-auth',
  'cognito-identity',
  'rolesanywhere',
  'account-access',
  'account-access-runtime',
  'iam-toolbox',
  'omen',
] as const

export type ServiceId = (typeof serviceIds)[number]

const loaded = new Map<ServiceId, ServiceModel>()
let known: readonly KnownService[] | undefined

/** Returns the model of one API. Its operations and shapes are read from its file on first use. */
export function loadModel(id: ServiceId): ServiceModel {
  if (loaded.size === 0) {
    const heads = readJson('heads.json') as readonly ServiceHead[] // tools/models.ts writes exactly this type
    for (const head of heads) loaded.set(head.id as ServiceId, modelOf(head)) // and one for each of them
  }
  return loaded.get(id)!
}

function modelOf(head: ServiceHead): ServiceModel {
  let whole: ServiceModel | undefined
  const read = () => {
    whole ??= readJson(`${head.id}.json`) as ServiceModel // tools/models.ts writes exactly this type
    return whole
  }
  return {
    ...head,
    get operations() {
      return read().operations
    },
    get omitted() {
      return read().omitted
    },
    get shapes() {
      return read().shapes
    },
  }
}

/** Returns every AWS service, so that a fault can name one that is not served. Read on first use. */
export function knownServices(): readonly KnownService[] {
  known ??= readJson('known.json') as readonly KnownService[] // tools/models.ts writes exactly this type
  return known
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(fileURLToPath(new URL(`../../models/${name}`, import.meta.url)), 'utf8'))
}
