import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { truthNo } from '../condition/truth.ts'
import { allow, policyOf } from '../fixture.ts'
import { Context, emptyContext } from '../request/context.ts'
import { chance } from '../witness/texts-twin.ts'
import type { Bound } from './bound.ts'
import { ByResource } from './by-resource.ts'
import { applies, compileStatement, isAbout } from './statement.ts'

function boundOf(statement: object, policyIndex: number): Bound {
  const policy = policyOf('identity', allow({ ...statement }))
  const compiled = compileStatement(policy, policy.statements[0]!)
  const source = { type: 'none' } as const
  return {
    ...compiled,
    policyIndex,
    by: [{ layer: 'identity', source, policy, statement: compiled.statement }],
  }
}

const names = ['a', 'b', 'ab', 'abc', 'b/c', '']
const arn = (name: string) => `arn:aws:s3:::${name}`
const values = names.flatMap((name) => [arn(name), `${arn(name)}*`, `${arn(name)}?x`])

/** The places of those that the index must find: some text before the first wildcard begins the resource. */
function expected(bounds: readonly Bound[], resource: string): readonly number[] {
  return bounds.flatMap(({ heads }, at) => (heads.some((head) => resource.startsWith(head)) ? [at] : []))
}

describe('statements found by the start of their resources', () => {
  test('are those whose start matches, each once and in order, from the fourth request on', () => {
    const next = chance(5)
    for (let round = 0; round < 60; round++) {
      const count = 20 + next(30)
      const bounds = Array.from({ length: count }, (_, at) => {
        if (next(12) === 0) return boundOf({ Resource: next(2) === 0 ? '*' : ['*', '?a', '*b'] }, at)
        if (next(20) === 0) return boundOf({ NotResource: arn('a'), Resource: undefined }, at)
        return boundOf(
          { Resource: Array.from({ length: 1 + next(3) }, () => values[next(values.length)]!) },
          at,
        )
      })
      const index = new ByResource(bounds)
      const lengths = new Set(bounds.flatMap(({ heads }) => heads.map(({ length }) => length)))
      const everywhere = bounds.filter(({ heads }) => heads.includes('')).length
      const isIndexed = count >= 24 && lengths.size * 2 + everywhere < count
      for (let asked = 1; asked <= 8; asked++) {
        const resource = [arn('a'), arn('abcd'), arn('b/c/x'), 'arn:aws:sqs:::b', '*'][next(5)]!
        const found = index.about(resource).map(({ policyIndex }) => policyIndex)
        // None that applies is left out.
        for (const bound of bounds)
          if (isAbout(bound, resource, emptyContext) !== truthNo)
            assert.ok(found.includes(bound.policyIndex), `${round} ${asked}`)
        const all = bounds.map(({ policyIndex }) => policyIndex)
        assert.deepEqual(
          found,
          isIndexed && asked >= 4 ? expected(bounds, resource) : all,
          `${round} ${asked}`,
        )
      }
    }
  })

  test('are in the order of the documents, also if only two have starts of different lengths', () => {
    const others = Array.from({ length: 22 }, (_, at) => boundOf({ Resource: arn('other') }, at + 2))
    const index = new ByResource([
      boundOf({ Resource: arn('abc*') }, 0),
      boundOf({ Resource: arn('a*') }, 1),
      ...others,
    ])
    const found = () => index.about(arn('abcd')).map(({ policyIndex }) => policyIndex)
    for (let asked = 1; asked < 4; asked++) assert.equal(found().length, 24)
    assert.deepEqual(found(), [0, 1])
  })

  test('are indexed if that leaves fewer than two of three to be tried', () => {
    const of = (lengths: number, everywhere: number) =>
      Array.from({ length: 24 }, (_, at) =>
        boundOf({ Resource: at < everywhere ? '*' : arn('x'.repeat(1 + (at % lengths))) }, at),
      )
    for (const [bounds, found] of [
      [of(9, 3), 3],
      [of(9, 4), 24],
      [of(10, 1), 1],
      [of(10, 2), 24],
    ] as const) {
      const index = new ByResource(bounds)
      for (let asked = 0; asked < 4; asked++) index.about(arn('z'))
      assert.equal(index.about(arn('z')).length, found)
    }
  })

  test('are found once half as many starts have other lengths as there are statements', () => {
    for (const [count, lengths, everywhere, isIndexed] of [
      [24, 11, 0, true],
      [24, 12, 0, false],
      [25, 12, 0, true],
      [25, 13, 0, false],
      [26, 12, 0, true],
      [26, 11, 1, true],
      [26, 11, 2, false],
      [26, 11, 3, false],
      [27, 11, 2, true],
    ] as const) {
      const bounds = Array.from({ length: count }, (_, at) =>
        boundOf({ Resource: at < everywhere ? ['*', '?x'] : arn('x'.repeat(1 + (at % lengths))) }, at),
      )
      const index = new ByResource(bounds)
      for (let asked = 0; asked < 4; asked++) index.about(arn('z'))
      const starts = new Set(bounds.flatMap(({ heads }) => heads.map(({ length }) => length))).size
      assert.equal(starts * 2 + everywhere < count, isIndexed, `${count} ${lengths} ${everywhere}`)
      assert.equal(index.about(arn('z')).length, isIndexed ? everywhere : count)
    }
  })

  test('are all tried if there are fewer than 24, or if most begin with a wildcard', () => {
    const of = (count: number, Resource: string) =>
      Array.from({ length: count }, (_, at) =>
        boundOf({ Resource: at < 3 ? Resource : arn(`x${at % 10}`) }, at),
      )
    for (const [bounds, found] of [
      [of(23, '*'), 23],
      [of(24, '*'), 3],
      [of(24, arn('y')), 0],
      [Array.from({ length: 30 }, (_, at) => boundOf({ Resource: at < 28 ? '*' : arn('x') }, at)), 30],
    ] as const) {
      const index = new ByResource(bounds)
      for (let asked = 0; asked < 4; asked++) index.about(arn('z'))
      assert.equal(index.about(arn('z')).length, found)
    }
  })
})

describe('statements about everything, found by the text that a condition asks for', () => {
  const conditions = [
    ...['x', 'y', 'z'].map((value) => ({ StringEquals: { 'a:b': value } })),
    { StringEquals: { 'a:b': ['x', 'y'] } },
    { StringEquals: { 'aws:TagKeys': 'x' } },
    { StringEquals: { 'a:c': 'x' }, StringNotEquals: { 'a:b': 'y' } },
    { StringEquals: { 'a:b': '${a:c}' } },
    { StringEqualsIfExists: { 'a:b': 'x' } },
    { 'ForAnyValue:StringEquals': { 'a:b': 'x' } },
    { StringNotEquals: { 'a:b': 'x' } },
    { StringLike: { 'a:b': 'x' } },
    {},
  ]
  const seen = ['x', 'y', 'other', '', ['x'], undefined, 'x'.repeat(32_769)]

  test('are all that may apply, and few of many', () => {
    const next = chance(9)
    for (let round = 0; round < 60; round++) {
      const bounds = Array.from({ length: 30 + next(40) }, (_, at) =>
        boundOf({ Resource: '*', Condition: conditions[next(round % 2 === 0 ? 6 : conditions.length)]! }, at),
      )
      const index = new ByResource(bounds)
      for (let asked = 0; asked < 12; asked++) {
        const context = new Context({
          'a:b': seen[next(seen.length)],
          'a:c': seen[next(seen.length)],
          'aws:TagKeys': seen[next(seen.length)],
        })
        const found = index.about(arn('a'), context).map(({ policyIndex }) => policyIndex)
        const apply = bounds.flatMap((bound, at) =>
          applies(bound, arn('a'), context) === truthNo ? [] : [at],
        )
        assert.deepEqual(
          apply.filter((at) => !found.includes(at)),
          [],
        )
        assert.deepEqual(
          found,
          found.toSorted((one, other) => one - other),
        )
        // What depends on keys that nobody knows asks without a context.
        assert.equal(index.about(arn('a')).length, bounds.length)
      }
    }
    const named = Array.from({ length: 1_000 }, (_, at) =>
      boundOf({ Resource: '*', Condition: { StringEquals: { 'a:b': String(at) } } }, at),
    )
    const index = new ByResource(named)
    const tried = () => index.about('*', new Context({ 'a:b': '7' })).length
    assert.deepEqual([tried(), tried(), tried(), tried()], [1_000, 1_000, 1_000, 1])
  })
})
