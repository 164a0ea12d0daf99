/**
 * Derives packages/server/models/*.json and the types in packages/server/src/model/generated from AWS's
 * published API models: botocore's (shapes, constraints, errors) joined with the run-time schemas of the
 * AWS SDK for JavaScript for what botocore lacks yet. Run it after either has been updated:
 *
 *     npx node --conditions=@omen/source tools/models.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceHead, ServiceModel } from '../packages/server/src/model/index.ts'
import { botocore } from './models/botocore.ts'
import { knownServices } from './models/known.ts'
import { applyOverlay } from './models/overlay.ts'
import { joinSdk } from './models/sdk.ts'
import { services } from './models/services.ts'
import { trim } from './models/trim.ts'
import { typesOf } from './models/typescript.ts'
import { writtenModel } from './models/written.ts'

const server = join(import.meta.dirname, '..', 'packages', 'server')
const models = join(server, 'models')
const generated = join(server, 'src', 'model', 'generated')
mkdirSync(models, { recursive: true })
mkdirSync(generated, { recursive: true })

const source = botocore()
const heads: ServiceHead[] = []
for (const service of services) {
  const joined = service.written
    ? writtenModel(join(models, 'written', `${service.id}.json`))
    : await joinSdk(source.read(service), service)
  const model = applyOverlay(trim(joined, service), join(models, 'overlay', `${service.id}.json`))
  writeFileSync(join(models, `${service.id}.json`), oneLineEach(model))
  heads.push(headOf(model))
  writeFileSync(join(generated, `${service.id}.ts`), typesOf(model))
  const count = Object.keys(model.operations).length
  console.log(`${service.id}: ${count} operations, ${Object.keys(model.shapes).length} shapes`)
}
writeFileSync(
  join(models, 'heads.json'),
  `[\n${heads.map((head) => `  ${JSON.stringify(head)}`).join(',\n')}\n]\n`,
)
writeFileSync(join(models, 'known.json'), `${JSON.stringify(knownServices(source), undefined, 1)}\n`)

/** What a server reads of every model as it starts. */
function headOf({ operations: _, omitted: _omitted, shapes: _shapes, ...head }: ServiceModel): ServiceHead {
  return head
}

/** JSON with one line for each operation and shape, so that a new model is a diff that can be read. */
function oneLineEach(model: ServiceModel): string {
  const entries = Object.entries(model).map(([key, value]) => {
    if (key !== 'operations' && key !== 'shapes') return `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`
    const lines = Object.entries(value).map(([k, v]) => `    ${JSON.stringify(k)}: ${JSON.stringify(v)}`)
    return `  ${JSON.stringify(key)}: {\n${lines.join(',\n')}\n  }`
  })
  return `{\n${entries.join(',\n')}\n}\n`
}
