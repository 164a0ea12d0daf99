/**
 * Derives packages/server/data/guard.pack, by which the guard knows which call of which AWS service a request
 * is and what it needs, from botocore's API models:
 *
 *     npx node --conditions=@omen/source tools/guard-catalogue.ts
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PackedIndex } from '../packages/server/src/guard/catalogue/index.ts'
import { packOf } from './catalogue/pack.ts'
import { headOf, sectionOf } from './guard/service.ts'
import { botocore } from './models/botocore.ts'

const data = join(import.meta.dirname, '..', 'packages', 'server', 'data')
const source = botocore()
const models = [...source.all()].sort((a, b) => (a.folder < b.folder ? -1 : 1))
const index: PackedIndex = { services: models.map(({ folder, model }) => headOf(folder, model)) }
const sections = models.map(({ model }) => JSON.stringify(sectionOf(model)))
const bytes = packOf(index, sections)
writeFileSync(join(data, 'guard.pack'), bytes)
const operations = models.reduce((sum, { model }) => sum + Object.keys(model.operations).length, 0)
console.log(
  `guard.pack: ${operations} operations of ${models.length} services (botocore ${source.version}), ${bytes.length} bytes`,
)
