import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  type Image,
  IntakeProblem,
  imageOfTemplates,
  inventoryOfAnswers,
  inventoryOfTemplates,
  isTemplateSource,
  readImage,
} from '../../packages/server/src/intake/index.ts'
import { parseSource } from '../../packages/server/src/sources/index.ts'
import { checkCorpus } from '../corpus/index.ts'
import { changed, differences, leaves, plain } from './values.ts'

// A line of these corpora is a JSON value that is read: answers of AWS, resources of a template or a plan, or answers for the
// inventory. Below it is all that is read of it, with the places, and then what another value of each member changes.

const account = '111122223333'
const options = { account, region: 'eu-west-1' } as const

describe('what is read of a file, and what each of its members changes', () => {
  test('answers of AWS', () => {
    // of a policy's document it is enough that it is taken
    check<unknown>('answers', { text: 'ß\n', number: 7 }, /^(?!.*Document\.)/, (value) => {
      const files = (Array.isArray(value) ? value : [value]).map((each, index) => ({
        name: `${'ab'[index % 2]}/${index}.json`,
        text: textOf(each),
      }))
      return readImage(files, JSON.stringify(value).includes('"alone"') ? {} : { account })
    })
  })

  test('resources of CloudFormation (TPL-209, TPL-210)', () => {
    check<object>(
      'cloudformation',
      { unknown: { Ref: 'P' } },
      /^\w+\.Properties\.(?!.*Document\.)/,
      (value) => imageOf({ Parameters: { P: { Type: 'String' } }, Resources: value }),
    )
  })

  test('resources of Terraform (TPL-209, TPL-210, TPL-211, TPL-212)', () => {
    check<readonly Planned[]>('terraform', { unknown: 'UNKNOWN' }, /^0\.values\./, (value) =>
      imageOf(planOf(value)),
    )
  })

  test('answers for an inventory', () => {
    check<Asked | readonly Asked[]>(
      'inventory',
      { text: 'odd' },
      /(?:^|\.)[A-Z]|(?:^|\.)(?!call|region|input)[a-z]/,
      (value) => {
        const answers = [value].flat().map(({ call, region, input, ...answer }) => ({
          call,
          account,
          partition: 'aws',
          region: region ?? 'eu-west-1',
          input: input ?? {},
          answer,
        }))
        return inventoryOfAnswers(answers, (profile) => `role of ${profile}`)
      },
    )
  })
})

interface Asked {
  readonly call: string
  readonly region?: string
  readonly input?: Readonly<Record<string, unknown>>
  readonly [member: string]: unknown
}

/** Compares a corpus: of each value what is read, and what changes with each of its members absent or odd. */
function check<Value>(
  name: string,
  odd: Readonly<Record<string, unknown>>,
  tries: RegExp,
  read: (value: Value) => object,
): void {
  checkCorpus(join(import.meta.dirname, 'corpus', `${name}.txt`), (input) => {
    const value = JSON.parse(input)
    const tried = (each: unknown) => {
      try {
        return read(each as Value)
      } catch (error) {
        if (!(error instanceof IntakeProblem)) throw error
        return error.message
      }
    }
    const first = tried(value)
    if (typeof first === 'string') return [first]
    const lines = leaves(value).flatMap(([path]) => {
      if (!tries.test(path.join('.'))) return []
      const byOutcome = Object.groupBy(Object.entries({ absent: undefined, ...odd }), ([, to]) => {
        const other = tried(JSON.parse(JSON.stringify(changed(value, path, to))))
        return typeof other === 'string' ? other : changesIn(plain(first), plain(other)).join('; ')
      })
      return Object.entries(byOutcome)
        .filter(([outcome]) => outcome !== '')
        .map(([outcome, kinds]) => `${path.join('.')} ${kinds?.map(([kind]) => kind).join(', ')}: ${outcome}`)
    })
    return [...linesOf(first), ...lines].map((line) => line.replaceAll('\n', ' '))
  })
}

/** The members that are otherwise: with `-` what is missing, with `+` what is new. */
function changesIn(one: unknown, other: unknown, path = ''): readonly string[] {
  if (other === undefined) return one === undefined ? [] : [`-${path}`]
  if (one === undefined) return [`+${path} ${JSON.stringify(other)}`]
  if (typeof one === 'object' && one !== null && typeof other === 'object' && other !== null) {
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])]
    const within = path === '' || /^accounts$/.test(path) ? '' : `${path}/`
    return names.flatMap((name) =>
      changesIn(one[name as never], other[name as never], path === 'accounts' ? '' : `${within}${name}`),
    )
  }
  return Object.is(one, other) ? [] : [`${path} ${JSON.stringify(other)}`]
}

/** What is read of templates: for a plan, for an import, and as an inventory. */
function imageOf(template: unknown): object {
  const text = textOf(template)
  const root = parseSource(text, 't.json')
  if (root.type === 'problem' || !isTemplateSource(root)) throw new Error(text)
  const sources = [{ file: 't.json', text, root }]
  const image = imageOfTemplates(sources, { ...options, parts: true })
  const exact = imageOfTemplates(sources, { ...options, exact: true })
  const inventory = inventoryOfTemplates(sources, image, { ...options, isWhole: false })
  const { listed, ...whole } = inventoryOfTemplates(sources, image, { ...options, isWhole: true })
  return {
    ...image,
    statementPlaces: [...image.statementPlaces.values()].map((places) => places.map(({ column }) => column)),
    exact: differences(plain(image), plain(exact)),
    inventory,
    whole: differences(inventory, whole),
  }
}

interface Planned {
  readonly address: string
  readonly values: Readonly<Record<string, unknown>>
  readonly refs?: Readonly<Record<string, readonly string[]>>
}

/** A plan whose values `UNKNOWN` are known after apply. */
function planOf(resources: readonly Planned[]): unknown {
  const all = resources.map(({ address, values, refs = {} }) => ({
    address,
    mode: address.startsWith('data.') ? 'data' : 'managed',
    type: /(\w+)\.\w+$/.exec(address)?.[1] ?? '',
    values: withoutUnknown(values),
    unknown: marksOf(values),
    refs,
  }))
  return {
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: all
          .filter(({ mode }) => mode === 'managed')
          .map(({ unknown: _, refs: __, ...each }) => each),
      },
    },
    resource_changes: all.map(({ values: after, unknown: after_unknown, refs: _, ...each }) => ({
      ...each,
      change: { actions: ['create'], after, after_unknown },
    })),
    configuration: {
      root_module: {
        resources: all.map(({ address, mode, type, refs }) => ({
          address,
          mode,
          type,
          expressions: Object.fromEntries(
            Object.entries(refs).map(([name, references]) => [name, { references }]),
          ),
        })),
      },
    },
  }
}

function withoutUnknown(value: unknown): unknown {
  if (value === 'UNKNOWN') return undefined
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => withoutUnknown(each) ?? null)
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutUnknown(each)]))
}

/** The marks of a plan: true where a value is known after apply. */
function marksOf(value: unknown): unknown {
  if (value === 'UNKNOWN') return true
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.map(marksOf)
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, marksOf(each)]))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** One line for each thing of a list, and for each other member. */
function linesOf(read: object): readonly string[] {
  const line = (value: unknown) =>
    JSON.stringify(value, (name, each) =>
      name === 'at' && typeof each === 'object' ? `${each.file}:${each.line}:${each.column}` : each,
    )
  return Object.entries(read).flatMap(([name, value]): readonly string[] => {
    if (name === 'accounts')
      return (value as Image['accounts']).flatMap((each) => linesOf(each).map((it) => `account ${it}`))
    if (Array.isArray(value)) return value.map((each) => `${name}: ${line(each)}`)
    if (name === 'organization' || name === 'inventory') return linesOf(value).map((it) => `${name} ${it}`)
    return value === undefined ? [] : [`${name}: ${line(value)}`]
  })
}
