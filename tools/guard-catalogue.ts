/**
 * Derives packages/server/data/guard.pack, by which the guard knows which call of which AWS service a request
 * is and what it needs:
 *
 *     npx node --conditions=@omen/source tools/guard-catalogue.ts path/to/map.json
 *
 * from botocore's API models, the actions and ARN patterns of actions.pack, the mapping of iam-dataset
 * (aws/map.json of https://github.com/iann0036/iam-dataset, which is no part of this repository: that of August 2022,
 * Git blob 22c3530ca9a3, whose commit `git log --all --find-object=22c3530ca9a3` names), and guard-corrections.json, kept
 * by hand, which goes before all of them; and, also kept by hand, guard-dependents.json and passrole.json. The same
 * sources give the same bytes. What is written in the notation of guard/notation.ts is checked and translated here: a mistake is
 * reported, and nothing is written.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { passRoleRows } from '../packages/server/src/authorization/catalogue/index.ts'
import type {
  PackedHead,
  PackedIndex,
  PackedOperation,
  PackedService,
} from '../packages/server/src/guard/catalogue/index.ts'
import { packOf } from './catalogue/pack.ts'
import { compiledOperation, Templates } from './guard/compile.ts'
import { readCorrections } from './guard/corrections.ts'
import { withDependents } from './guard/dependents.ts'
import { readMapping } from './guard/mapping.ts'
import { NeedsOfService } from './guard/needs.ts'
import type { WrittenOperations } from './guard/notation.ts'
import { headOf, writtenOf } from './guard/service.ts'
import { botocore } from './models/botocore.ts'

const [mapping] = process.argv.slice(2)
if (mapping === undefined) {
  console.error('npx node --conditions=@omen/source tools/guard-catalogue.ts path/to/map.json')
  process.exit(1)
}
const data = join(import.meta.dirname, '..', 'packages', 'server', 'data')
const source = botocore()
const map = readMapping(mapping)
const corrections = readCorrections(join(data, 'guard-corrections.json'))
let isWrong = false
const services = [...source.all()]
  .sort((a, b) => (a.folder < b.folder ? -1 : 1))
  .map(({ folder, model }) => {
    const needs = new NeedsOfService(folder, model, map, corrections)
    const written = writtenOf(model, needs)
    const head = headOf(folder, model, needs.prefixes[0], written)
    const section: PackedService = compiled(head, written, needs.wrong)
    for (const wrong of needs.wrong) console.error(`guard-corrections.json: ${wrong}`)
    isWrong ||= needs.wrong.length > 0
    return { head, section }
  })
if (isWrong) process.exit(1)

const index: PackedIndex = { services: services.map(({ head }) => head) }
const bytes = packOf(
  index,
  services.map(({ section }) => JSON.stringify(section)),
)
writeFileSync(join(data, 'guard.pack'), bytes)
const operations = services.flatMap(({ section }) => Object.values(section.operations))
const of = (exactness: string) =>
  operations.filter((one) => (one.exactness ?? 'unknown') === exactness).length
console.log(
  `guard.pack: ${operations.length} operations of ${services.length} services (botocore ${source.version}, map.json ${blobOf(mapping).slice(0, 12)}), ${bytes.length} bytes; ` +
    ['exact', 'derived', 'wildcard', 'unknown']
      .map((exactness) => `${of(exactness)} ${exactness}`)
      .join(', '),
)

/** The name that Git has for a file's content: with it the commit is found from which the file is. */
function blobOf(path: string): string {
  const content = readFileSync(path)
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}

/** The operations of a service in the form that the guard reads; what is wrong in one is added to the list. */
function compiled(
  { id, prefix, signs }: PackedHead,
  written: WrittenOperations,
  wrong: string[],
): PackedService {
  const templates = new Templates()
  const operations: Record<string, PackedOperation> = {}
  for (const [name, operation] of Object.entries(withDependents(id, written))) {
    try {
      operations[name] = compiledOperation(operation, passRoleRows(prefix ?? signs, name), templates)
    } catch (thrown) {
      wrong.push(`${id} ${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
  }
  return { templates: templates.all, operations }
}
