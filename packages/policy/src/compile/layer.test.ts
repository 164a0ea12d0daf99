import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allow, deny, layerOf } from '../fixture.ts'
import { Budget, metered } from '../match/meter.ts'
import { compile } from './compile.ts'
import { CompiledDocument } from './document.ts'
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

const restored: (() => void)[] = []

describe('what a layer remembers', () => {
  test('is each statement, whatever action asks for it', () => {
    const layer = new Layer('identity', layerOf('identity', allow({ Action: 'a:*' }), allow({ Action: '*' })))
    const [one, other] = [layer.candidates('a:0').all, layer.candidates('a:1').all]
    assert.equal(one.length, 2)
    for (const [at, bound] of one.entries()) assert.equal(bound, other[at])
    assert.deepEqual(layer.statements(), one)
    for (const [at, bound] of layer.statements().entries()) assert.equal(bound, one[at])
  })

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
    const { identity } = compile({ identity: layerOf('identity', allow(), deny({ Action: '*?b?c*' })) })
    const found = metered(new Budget(0), () => identity!.candidates('a:xbyc').all)
    assert.deepEqual(
      found.map(({ statement }) => statement.effect),
      ['Allow', 'Deny'],
    )
  })

  test('are the policies about a service, of which the others are not asked', () => {
    const layer = new Layer('identity', [
      ...layerOf('identity', allow({ Action: 's3:*' })),
      ...layerOf('identity', allow({ Action: 'ec2:*' })),
    ])
    const calls = { mayCover: 0, indexes: 0 }
    for (const name of ['mayCover', 'indexes'] as const) {
      const real: (this: CompiledDocument, text: string) => unknown = CompiledDocument.prototype[name]
      const counted = function (this: CompiledDocument, text: string) {
        calls[name]++
        return real.call(this, text)
      }
      Object.defineProperty(CompiledDocument.prototype, name, { value: counted, configurable: true })
      restored.push(() =>
        Object.defineProperty(CompiledDocument.prototype, name, { value: real, configurable: true }),
      )
    }
    for (const action of ['s3:GetObject', 's3:PutObject', 's3:GetObject']) layer.candidates(action)
    for (const restore of restored) restore()
    assert.deepEqual(calls, { mayCover: 2, indexes: 2 })
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
