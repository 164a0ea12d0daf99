import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadModel } from '../../packages/server/src/model/index.ts'

const server = join(import.meta.dirname, '..', '..', 'packages', 'server')

interface Shape {
  readonly type: string
  readonly members?: Readonly<Record<string, { readonly shape: string }>>
  readonly member?: { readonly shape: string }
  readonly value?: { readonly shape: string }
}

interface Model {
  readonly operations: Readonly<Record<string, { readonly input?: string }>>
  readonly shapes: Readonly<Record<string, Shape>>
}

/** Members that an operation hands on with all that is in them. */
const whole = new Set(['ContextProvider', 'ContextEntries'])

/** Members that an operation does not read, and why that is right. */
const unread: Readonly<Record<string, string>> = {
  ResourceHandlingOption: 'has no effect (behaviour SIM-13)',
  ContextAssertion: 'every context is refused (behaviour STS-60)',
  TradeInToken: 'every token is refused (behaviour STS-120)',
  ScopedSessionDescription: 'is for the trail, which has all that was asked',
}

for (const service of ['iam', 'sts'])
  test(`IAM-340 every member of an input of ${service} is read by its operation, or named with the reason`, () => {
    const model: Model = JSON.parse(readFileSync(join(server, 'models', `${service}.json`), 'utf8'))
    const { entries, declared } = partsOf(service, model)
    const missed: string[] = []
    for (const [operation, { input }] of Object.entries(model.operations)) {
      const own = entries.get(operation)
      if (own === undefined) missed.push(`${operation} is in no family`)
      const named = reached(own ?? new Set(), declared)
      for (const path of input === undefined ? [] : membersOf(model, input)) {
        const last = path.at(-1) ?? ''
        if (!named.has(last) && unread[last] === undefined) missed.push(`${operation} ${path.join('.')}`)
      }
    }
    assert.deepEqual(missed, [])
  })

test('WIRE-92 no member of a model is in its table of those that it lacks', () => {
  const { omittedMembers = [], shapes } = loadModel('iam')
  const members = Object.values(shapes).flatMap((shape) =>
    shape.type === 'structure' ? Object.keys(shape.members) : [],
  )
  assert.deepEqual(
    omittedMembers.filter((name) => members.includes(name)),
    [],
  )
  assert.equal(omittedMembers.length > 0, true)
})

/** The names in the entry of each operation, and in each other declaration of a service. */
function partsOf(service: string, { operations }: Model) {
  const entries = new Map<string, Set<string>>()
  const declared = new Map<string, Set<string>>()
  const note = (all: Map<string, Set<string>>, name: string, code: string) =>
    all.set(name, new Set([...(all.get(name) ?? []), ...(code.match(/[A-Za-z_$][\w$]*/g) ?? [])]))
  for (const file of globSync(join(server, 'src', 'services', service, '**', '*.ts'))) {
    if (file.endsWith('.test.ts')) continue
    const code = readFileSync(file, 'utf8').replaceAll(/^\s*(?:\/\*\*|\*|\/\/).*$/gm, '')
    for (const chunk of code.split(/^(?=(?:export )?(?:async )?(?:function|const|class|let)\b)/m)) {
      const head = /^(?:export )?(?:async )?(?:function\*?|const|class|let)\s+(?:(\w+)|\{([^}]*)\})/.exec(
        chunk,
      )
      if (head === null) continue
      const [first = '', ...parts] = chunk.split(/^(?= {2}[A-Za-z]\w*\b)/m)
      let rest = first
      for (const part of parts) {
        const name = /\w+/.exec(part)?.[0] ?? ''
        if (!Object.hasOwn(operations, name)) rest += part
        else note(entries, name, part)
      }
      const [, one, several = ''] = head
      for (const name of one === undefined ? several.split(/[\s,:]+/) : [one]) note(declared, name, rest)
    }
  }
  return { entries, declared }
}

/** Names, with those in the declarations that they name. */
function reached(from: ReadonlySet<string>, declared: ReadonlyMap<string, ReadonlySet<string>>) {
  const found = new Set(from)
  for (const name of found) for (const each of declared.get(name) ?? []) found.add(each)
  return found
}

/** The paths of all members under a shape. */
function membersOf(
  model: Model,
  name: string,
  above: readonly string[] = [],
  within: readonly string[] = [],
): readonly (readonly string[])[] {
  const { type, members = {}, member, value } = model.shapes[name] ?? { type: 'none' }
  if (within.includes(name)) return []
  const below = (shape: string, path: readonly string[]) => membersOf(model, shape, path, [...within, name])
  if (type === 'list' && member !== undefined) return below(member.shape, above)
  if (type === 'map' && value !== undefined) return below(value.shape, above)
  return Object.entries(members).flatMap(([each, { shape }]) => [
    [...above, each],
    ...(whole.has(each) ? [] : below(shape, [...above, each])),
  ])
}
