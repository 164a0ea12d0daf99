import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allow, deny, layerOf } from '../fixture.ts'
import { compile } from './compile.ts'
import { Layer } from './layer.ts'

/** Policies whose actions of the service `a` are in 1024 statements, and those of `b` in one. */
const wide = layerOf(
  'identity',
  ...Array.from({ length: 1_024 }, (_, at) => allow({ Action: at === 0 ? ['a:*', 'b:*'] : 'a:*' })),
)

/** Whether the first action is still remembered after some others. */
function isKept(layer: Layer, ...others: readonly string[]): boolean {
  const first = layer.candidates('a:0')
  for (const action of others) layer.candidates(action)
  return layer.candidates('a:0') === first
}

const actions = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `a:${from + at}`)

describe('what a layer remembers', () => {
  test('are two generations of 262,144 statements', () => {
    // 256 actions have as many; one statement more begins another generation, and so do 256 actions behind it.
    const of = (end: number) => [...actions(1, 256), 'b:0', ...actions(256, end)]
    assert.ok(isKept(new Layer('identity', wide), ...of(511)))
    assert.ok(!isKept(new Layer('identity', wide), ...of(512)))
  })

  test('are two generations of 8,192 actions', () => {
    const layer = () => new Layer('identity', layerOf('identity', allow({ Action: 'b:*' })))
    assert.ok(isKept(layer(), ...actions(1, 16_384)))
    assert.ok(!isKept(layer(), ...actions(1, 16_385)))
  })

  test('is whole also where the steps are spent', () => {
    const { identity } = compile({ identity: layerOf('identity', allow(), deny({ Action: 'a:?b*c?' })) })
    assert.deepEqual(
      identity!.candidates('a:xbcd').all.map(({ statement }) => statement.effect),
      ['Allow', 'Deny'],
    )
  })

  test('POL-016 an RCP has no statement about kms:RetireGrant', () => {
    for (const [name, found] of [
      ['rcp', 0],
      ['scp', 1],
    ] as const)
      assert.equal(new Layer(name, layerOf(name, allow())).candidates('KMS:RetireGrant').all.length, found)
    assert.equal(new Layer('rcp', layerOf('rcp', allow())).candidates('kms:CreateGrant').all.length, 1)
  })
})
