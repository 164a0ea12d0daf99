import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import type { DifferenceOptions, DifferenceRow } from '../analysis/difference-row.ts'
import { findExample } from '../analysis/example.ts'
import type { ValueType } from '../condition/operator-names.ts'
import type { PolicyKind } from '../document/policy.ts'
import { policyOf, type StatementInput } from '../fixture.ts'
import { Budget, metered } from '../match/meter.ts'
import type { Request } from '../request/request.ts'

/** A line: the kind of the policies, the statement of the row, and the other statements. */
interface Case {
  readonly kind?: PolicyKind
  readonly row: StatementInput
  /** Those of its actions that are in the row; all if absent. */
  readonly only?: readonly string[]
  readonly after?: readonly StatementInput[]
  readonly before?: readonly StatementInput[]
  /** Real actions with their resources, and types of keys. */
  readonly known?: Readonly<Record<string, readonly string[]>>
  readonly types?: Readonly<Record<string, ValueType>>
}

function optionsOf({ known, types }: Case): DifferenceOptions {
  return {
    ...(known === undefined
      ? {}
      : {
          actions: (pattern) =>
            Object.keys(known).filter((action) =>
              new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(action),
            ),
          resources: (action) => known[action] ?? [],
        }),
    ...(types === undefined ? {} : { keyType: (key) => types[key] }),
  }
}

/** Every request that is tried as an example, if none is in the row. `after` allows everything besides. */
function triedFor(asked: Case): readonly Request[] {
  const { kind = 'identity', row, after = [], before = [] } = asked
  const everything: StatementInput = {
    Effect: 'Allow',
    Action: '*',
    Resource: '*',
    ...(kind === 'resource' ? { Principal: '*' } : {}),
  }
  const policy = policyOf(kind, row, ...after, everything)
  const statement = policy.statements[0]!
  const { action, resource, principal } = statement
  const ofRow: DifferenceRow = {
    kind: 'new',
    statement,
    actions: asked.only ?? action.values.map(({ value }) => value),
    notActions: action.negated,
    ...(resource === undefined ? {} : { resources: resource.values.map(({ value }) => value) }),
    notResources: resource?.negated === true,
    ...(principal === undefined ? {} : { principals: principal.entries }),
    before: [],
    except: [],
  }
  const tried: Request[] = []
  const other = policyOf(kind, ...before, { ...everything, Effect: 'Deny', Action: 'none:none' })
  const found = findExample(ofRow, other, policy, optionsOf(asked), (request) => {
    tried.push(request)
    return false
  })
  assert.equal(found, undefined)
  return tried
}

/** The different values of the requests, in the order in which they are tried. */
function linesOf(tried: readonly Request[]): readonly string[] {
  const contextOf = ({ context }: Request) =>
    [...context.entries()].map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(' ')
  const actions = [...new Set(tried.map(({ action }) => action))]
  return [
    `${tried.length} requests`,
    ...actions.map((action) => {
      const resources = tried.filter((request) => request.action === action).map(({ resource }) => resource)
      return `${action} on ${[...new Set(resources)].join(' ')}`
    }),
    ...new Set(tried.map(({ principal }) => JSON.stringify(principal))),
    ...new Set(tried.map((request) => `with ${contextOf(request)}`.trimEnd())),
  ]
}

test('the requests that are tried as examples, for each case of examples.txt', () =>
  checkCorpus(join(import.meta.dirname, 'examples.txt'), (line) => linesOf(triedFor(JSON.parse(line)))))

describe('the search for an example has limits', () => {
  const row: StatementInput = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
  const many = <T>(count: number, of: (index: number) => T) => Array.from({ length: count }, (_, i) => of(i))
  const distinct = (tried: readonly Request[], of: (request: Request) => unknown) =>
    new Set(tried.map((request) => JSON.stringify(of(request)))).size
  const manyActions = (resources: readonly string[]) =>
    Object.fromEntries(many(500, (i) => `s3:Get${i}`).map((name) => [name, resources]))

  test('400 actions', () => {
    const tried = triedFor({ row: { ...row, Action: '*' }, known: manyActions([]) })
    assert.equal(tried.length, 800)
    assert.equal(
      distinct(tried, ({ action }) => action),
      400,
    )
  })

  test('16 resources of an action, and 2,000 requests', () => {
    const resources = many(20, (i) => `arn:aws:s3:::b/${i}`)
    assert.equal(triedFor({ row, known: { 's3:GetObject': resources } }).length, 16 + 2)
    assert.equal(triedFor({ row: { ...row, Action: '*' }, known: manyActions(resources) }).length, 2_000)
  })

  test('64 patterns of resources', () => {
    const before = many(63, (i) => `arn:aws:sqs:::q${i}`)
    const Resource = [...before, 'arn:aws:s3:::last', 'arn:aws:s3:::never']
    const tried = triedFor({ row: { ...row, Resource } }).filter(({ action }) => action === 's3:GetObject')
    assert.deepEqual(
      tried.map(({ resource }) => resource),
      ['arn:aws:s3:::last', 'arn:aws:s3:us-east-1:123456789012:example'],
    )
  })

  test('6 entries of a Principal', () => {
    const AWS = many(8, (i) => `10000000000${i}`)
    const tried = triedFor({ kind: 'resource', row: { ...row, Principal: { AWS } } })
    assert.equal(
      distinct(tried, ({ principal }) => principal),
      6,
    )
  })

  test('24 contexts', () => {
    const before = many(15, (i) => ({
      ...row,
      Effect: 'Deny',
      Condition: { StringEquals: { [`my:${i}`]: ['a', 'b'] } },
    }))
    assert.equal(
      distinct(triedFor({ row, before }), ({ context }) => [...context.entries()]),
      24,
    )
  })

  test('the steps of a budget', () => {
    const within = (steps: number) => metered(new Budget(steps), () => triedFor({ row })).length
    assert.deepEqual([within(0), within(1_000)], [0, triedFor({ row }).length])
  })
})
