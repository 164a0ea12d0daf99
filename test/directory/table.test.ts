import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { defineTable, Table } from '../../packages/server/src/directory/index.ts'

interface Thing {
  readonly id: string
  readonly text: string | undefined
}

const things = defineTable<Thing, 'text'>({
  kind: 'test/thing',
  key: (thing) => thing.id,
  indexes: { text: (thing) => thing.text },
})

const steps = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    text: fc.option(fc.string({ maxLength: 2 }), { nil: undefined }),
    ends: fc.constantFrom('stays', 'deleted', 'undone'),
  }),
)

describe('a table', () => {
  test('finds and orders by a text as a plain list would, whenever it was first asked to', () => {
    fc.assert(
      fc.property(steps, fc.nat(12), (changes, askedAt) => {
        const undo: (() => void)[] = []
        const table = new Table(things, { changed: (back) => undo.push(back) })
        const plain = new Map<string, Thing>()
        for (const [step, { ends, ...thing }] of changes.entries()) {
          if (step === askedAt) assert.deepEqual(table.ordered('text'), ordered(plain))
          if (ordered(plain).some(({ id, text }) => text === thing.text && id !== thing.id)) continue
          const { version } = table
          table.put(thing)
          assert.ok(table.version > version)
          if (ends === 'undone') undo.pop()!()
          else plain.set(thing.id, thing)
          if (ends !== 'deleted') continue
          table.delete(thing.id)
          plain.delete(thing.id)
        }
        assert.deepEqual(table.ordered('text'), ordered(plain))
        assert.deepEqual(new Set(table.values()), new Set(plain.values()))
        for (const thing of ordered(plain)) assert.equal(table.findBy('text', thing.text), thing)
      }),
    )
  })
})

interface Texted extends Thing {
  readonly text: string
}

function ordered(plain: ReadonlyMap<string, Thing>): Texted[] {
  return [...plain.values()]
    .filter((thing): thing is Texted => thing.text !== undefined)
    .sort((one, other) => (one.text < other.text ? -1 : 1))
}
