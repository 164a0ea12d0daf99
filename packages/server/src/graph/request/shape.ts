import type { Grammar, Shape, ShapeVariable } from '@omen-iam/policy'
import { regions, techniqueTable, type VariableBlock } from '../../authorization/catalogue/index.ts'

/** The known values of the variables of ARN templates: `Region`, `FunctionName`. */
export type Known = Readonly<Record<string, string>>

/** Texts of which a variable holds one: the names of existing clusters. */
export type Among = Readonly<Record<string, readonly string[]>>

/** The name of the variable for the region of a plan: all its requests are in one region. */
const regionVariable = 'Region'

/** The region of a plan where none is known. */
export function anyRegion(partition: string): ShapeVariable {
  return { variable: regionVariable, grammar: { values: regionsOf(partition) } }
}

/** The region that is shown where any would do comes first. */
const commercial = [
  'us-east-1',
  ...[...regions].filter((region) => !/^(?:us-east-1$|cn-|us-gov-|us-iso|eu-isoe-|eusc-)/.test(region)),
]

/** The regions of a partition. */
export function regionsOf(partition: string): readonly string[] {
  if (partition === 'aws-cn') return [...regions].filter((region) => region.startsWith('cn-'))
  if (partition === 'aws-us-gov') return [...regions].filter((region) => region.startsWith('us-gov-'))
  return commercial
}

/** Types whose resources exist before the call that names them. */
const existing: ReadonlySet<string> = new Set([
  'image',
  'subnet',
  'security-group',
  'snapshot',
  'key-pair',
  'job-queue',
  'device',
  'stack',
  'Instance',
  'Account',
])

const word: VariableBlock = { characters: 'a-zA-Z0-9_-', most: 64 }

/** The texts that a variable can have. */
function grammarOf(name: string): Grammar {
  const { made: _, values, ...grammar } = techniqueTable().variables[name] ?? word
  return values === undefined ? grammar : { values }
}

/** The id that a service gives to what it makes; undefined if the caller chooses it. */
export function madeAs(name: string): string | undefined {
  const block = techniqueTable().variables[name]
  return block === undefined && /(?:Id|UUID)$/.test(name) ? '0omen0000000000a' : block?.made
}

/** The fixed parts of a shape. */
export interface ShapeOptions {
  readonly partition: string
  readonly account: string
  /** The prefix of the service, so that names of two services are not mixed up. */
  readonly service: string
  readonly type: string
  /** The action of the request, if it may name a document. */
  readonly action?: string
  readonly known: Known
  readonly among?: Among | undefined
  /** Whether the resource is new: ids that the service makes are then not chosen. */
  readonly isNew: boolean
}

const variable = /\$\{(\w+)\}/g

/** The shape of an ARN template; a text if nothing is open in it. */
export function shapeOf(template: string, options: ShapeOptions): string | Shape {
  if (options.service === 'ssm' && documentTypes.has(options.type) && !options.isNew)
    return documentShape(options)
  const parts: Shape[number][] = []
  let literal = ''
  let from = 0
  for (const match of template.matchAll(variable)) {
    literal += template.slice(from, match.index)
    from = match.index + match[0].length
    const part = partOf(match[1] ?? '', options)
    if (typeof part === 'string') literal += part
    else {
      if (literal !== '') parts.push(literal)
      literal = ''
      parts.push(part)
    }
  }
  literal += template.slice(from)
  // `arn:${Partition}:braket:*:*:device/…`: any region and account.
  if (literal !== '') parts.push(literal)
  return parts.every((part) => typeof part === 'string') ? parts.join('') : parts
}

function partOf(name: string, options: ShapeOptions): Shape[number] {
  const { partition, account, known, among, service, type, isNew } = options
  if (name === 'Partition') return partition
  if (name === 'Account' || name === 'AccountId') return account
  const fixed = known[name]
  if (fixed !== undefined) return fixed
  const values = among?.[name]
  if (values !== undefined) return { variable: `${service}.${name}`, grammar: { values } }
  if (name === 'Region') return anyRegion(partition)
  const id = isNew && !existing.has(type) ? madeAs(name) : undefined
  return id ?? { variable: `${service}.${name}`, grammar: grammarOf(name) }
}

const documentTypes: ReadonlySet<string> = new Set(['document', 'automation-definition'])

/**
 * A document that exists: one of AWS's, whose ARN has no account, or one of the account if that is known. Names that
 * begin with AWS are AWS's alone.
 */
function documentShape({ partition, known, type, action }: ShapeOptions): Shape {
  const region = known.Region ?? anyRegion(partition)
  const { DocumentAccount: owner = '' } = known
  const values = techniqueTable().calls[action ?? '']?.documents ?? []
  const grammar = owner === '' ? { values } : grammarOf('DocumentName')
  const name = { variable: 'ssm.DocumentName', grammar }
  const version = { variable: 'ssm.VersionId', grammar: { values: ['$DEFAULT', '$LATEST', '1'] } }
  const versions = type === 'document' ? [] : [':', version]
  return [`arn:${partition}:ssm:`, region, `:${owner}:${type}/`, name, ...versions]
}

/** Reads the values of a template's variables from an ARN; undefined if it is not of that form. */
export function readTemplate(template: string, arn: string): Known | undefined {
  const names: string[] = []
  let pattern = ''
  let from = 0
  for (const match of template.matchAll(variable)) {
    pattern += escaped(template.slice(from, match.index))
    from = match.index + match[0].length
    names.push(match[1] ?? '')
    pattern += /WithPath$|^ObjectName$|^ParameterName/.test(match[1] ?? '') ? '(.+)' : '([^/:]*)'
  }
  pattern += escaped(template.slice(from))
  const found = new RegExp(`^${pattern}$`).exec(arn)
  if (found === null) return undefined
  return Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? '']))
}

/** Reads a template's variables from the ARN of something below it: `cluster/${Name}/task/${Id}`. */
export function readAbove(template: string, arn: string): Known | undefined {
  const read = readTemplate(template, arn)
  if (read !== undefined) return read
  const name = template.indexOf(':${Account}') + ':${Account}'.length
  for (let end = template.lastIndexOf('/'); end > name; end = template.lastIndexOf('/', end - 1)) {
    const above = template.slice(0, end)
    const found = above.slice(name).includes('${') ? readTemplate(above, arn) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
