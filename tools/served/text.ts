import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadModel, type ServiceModel, serviceIds } from '../../packages/server/src/model/index.ts'
import { servedApis } from '../../packages/server/src/services/index.ts'
import { guardSection } from './guard.ts'

const served = await Promise.all(servedApis.map(({ load }) => load()))

type ByOperation = Readonly<Record<string, string>>

/** What no model says: why something is not there, and where what is there is not as AWS has it. */
interface Notes {
  readonly apis: ByOperation
  /** Why operations are left out of an API's model. */
  readonly omitted: ByOperation
  /** Why operations of a model are not served; `*` stands for those that have no line of their own. */
  readonly pending: Readonly<Record<string, ByOperation>>
  /** Services that people and programs get credentials by, and that are not served at all. */
  readonly absent: readonly string[]
  /** In what a served operation differs from AWS's. */
  readonly differences: Readonly<Record<string, ByOperation>>
}

interface Coverage {
  readonly model: ServiceModel
  readonly served: readonly string[]
  readonly pending: readonly string[]
  readonly omitted: readonly string[]
}

const head = `# Which operations are there

Derived from the API models and from the operations that the services export, by
\`npx node --conditions=@omen/source tools/coverage.ts\`. The reasons and differences are written in
tools/served/notes.json. "Not yet" is in the model and not served; "left out" is not in the model. Both get a fault that
names the operation and says that it is not implemented. docs/OWN-API.md lists what AWS has no API for, and the sign-in.
`

/** docs/COVERAGE.md as it must be now. @throws where a note speaks of what it cannot */
export function coverageText(): string {
  const notes = readNotes()
  const apis = serviceIds.map(coverageOf)
  for (const api of apis) checkNotes(api, notes)
  return [head, table(apis), absent(notes), ...apis.map((api) => section(api, notes)), guardSection()].join(
    '\n',
  )
}

/** What has no model here, for readers who look for it. */
function absent({ absent: lines }: Notes): string {
  return `## Ways to credentials that are not served\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`
}

function readNotes(): Notes {
  const text = readFileSync(join(import.meta.dirname, 'notes.json'), 'utf8')
  return JSON.parse(text) as Notes // kept by hand beside this file, and checked below
}

function coverageOf(id: (typeof serviceIds)[number]): Coverage {
  const model = loadModel(id)
  const operations = served.find((api) => api.id === id)?.operations ?? {}
  const all = Object.keys(model.operations).sort()
  return {
    model,
    served: all.filter((name) => name in operations),
    pending: all.filter((name) => !(name in operations)),
    omitted: Object.keys(model.omitted).sort(),
  }
}

/** A note that outlived what it speaks of would be a lie. */
function checkNotes({ model, served, pending }: Coverage, notes: Notes): void {
  for (const name of Object.keys(notes.differences[model.id] ?? {})) {
    if (!served.includes(name)) throw new Error(`notes.json: ${model.id} does not serve ${name}`)
  }
  for (const name of Object.keys(notes.pending[model.id] ?? {})) {
    if (name !== '*' && !pending.includes(name))
      throw new Error(`notes.json: ${name} of ${model.id} is not pending`)
  }
}

function table(apis: readonly Coverage[]): string {
  const rows = apis.map(({ model, served, pending, omitted }) => {
    const cells = [model.title, served.length, pending.length, omitted.length]
    return `| ${cells.join(' | ')} |`
  })
  return ['| API | served | not yet | left out |', '| --- | ---: | ---: | ---: |', ...rows, ''].join('\n')
}

function section({ model, served, pending, omitted }: Coverage, notes: Notes): string {
  const lines = [`## ${model.title}`, '']
  const about = notes.apis[model.id]
  if (about !== undefined) lines.push(about, '')
  lines.push(`${count(served.length)} of ${served.length + pending.length} in the model are served.`, '')
  if (served.length > 0) lines.push(...served.map((name) => `- ${name}`), '')
  const differences = Object.entries(notes.differences[model.id] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  if (differences.length > 0) {
    lines.push('Differences from AWS:', '')
    for (const [name, text] of differences) lines.push(`- **${name}** ${text}`)
    lines.push('')
  }
  if (pending.length > 0) lines.push(...pendingLines(pending, notes.pending[model.id] ?? {}), '')
  if (omitted.length > 0) {
    const reason = notes.omitted[model.id] ?? 'Not part of what Omen is for.'
    lines.push(`Left out are ${omitted.length} operations. ${reason}`, '')
  }
  return lines.join('\n')
}

function count(number: number): string {
  return number === 0 ? 'None' : `${number}`
}

function pendingLines(pending: readonly string[], reasons: ByOperation): readonly string[] {
  const own = pending.filter((name) => reasons[name] !== undefined)
  const rest = pending.filter((name) => reasons[name] === undefined)
  const lines = own.map((name) => `- **${name}** ${reasons[name]}`)
  if (rest.length === 0) return ['Not served:', '', ...lines]
  const why = reasons['*'] ?? 'Not implemented yet.'
  return ['Not served:', '', ...lines, ...rest.map((name) => `- ${name}`), '', why]
}
