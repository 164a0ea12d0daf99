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

test('the order is right after many changes that nobody asked for', () => {
  const table = new Table(things, { changed: () => {} })
  const texts = () => table.ordered('text').map(({ text }) => text)
  const expected: string[] = []
  for (let n = 0; n < 600; n++) {
    const text = String((n * 7_919) % 1_000)
    table.put({ id: `id-${n}`, text })
    expected.push(text)
    if (n < 40 || n === 300) assert.deepEqual(texts(), expected.toSorted())
  }
  for (let n = 0; n < 600; n += 2) table.delete(`id-${n}`)
  assert.deepEqual(texts(), expected.filter((_, n) => n % 2 === 1).toSorted())
})

interface Named {
  readonly id: string
  readonly name: string
  readonly more?: string
}

const named = defineTable<Named, 'name'>({
  kind: 'test/named',
  key: ({ id }) => id,
  indexes: { name: ({ name }) => name.toLowerCase() },
  byNameOnly: true,
})

const storedNames = fc.uniqueArray(
  fc.record({
    id: fc.string({ maxLength: 3 }),
    name: fc.string({ maxLength: 4 }),
    more: fc.option(fc.constantFrom('{"id":"', '","name":"'), { nil: undefined }),
    form: fc.constantFrom('id first', 'name first', 'name last'),
  }),
  { selector: ({ id }) => id },
)

test('a stored record is found by its name, however its text begins, and whether it was parsed or not', () => {
  fc.assert(
    fc.property(storedNames, fc.array(fc.nat(12)), fc.boolean(), (all, asked, isOrdered) => {
      const names = new Set<string>()
      const records = all.filter(
        ({ name }) => !names.has(name.toLowerCase()) && names.add(name.toLowerCase()),
      )
      const table = new Table(named, { changed: () => {} })
      const plain = records.map(({ id, name, more, form }): Named => {
        const rest = more === undefined ? {} : { more }
        const forms = {
          'id first': { id, name, ...rest },
          'name first': { name, id, ...rest },
          'name last': { id, ...rest, name },
        }
        table.load(id, JSON.stringify(forms[form]))
        return { id, name, ...rest }
      })
      for (const at of asked) if (at < plain.length) assert.deepEqual(table.find(plain[at]!.id), plain[at])
      if (isOrdered) assert.equal(table.ordered('name').length, plain.length)
      for (const record of plain) {
        const found = table.findBy('name', record.name.toLowerCase())
        assert.deepEqual(found, record)
        assert.equal(table.find(record.id), found)
      }
      const [first] = plain
      if (first === undefined) return
      table.put({ ...first, name: 'another name' })
      assert.equal(table.findBy('name', first.name.toLowerCase()), undefined)
      table.replace(first.id, JSON.stringify({ id: first.id, name: 'yet another' }), 0)
      assert.equal(table.findBy('name', 'another name'), undefined)
      assert.equal(table.findBy('name', 'yet another')?.id, first.id)
      assert.deepEqual(new Set([...table.values()].map(({ id }) => id)), new Set(plain.map(({ id }) => id)))
    }),
  )
})

test('records that begin with id and name are not parsed before they are asked for', (t) => {
  const parse = t.mock.method(JSON, 'parse')
  const table = new Table(named, { changed: () => {} })
  for (let n = 0; n < 100; n++) table.load(`id-${n}`, JSON.stringify({ id: `id-${n}`, name: `Name-${n}` }))
  assert.equal(table.findBy('name', 'name-7')?.name, 'Name-7')
  assert.equal(table.find('id-8')?.name, 'Name-8')
  assert.equal(table.findBy('name', 'name-7')?.id, 'id-7')
  assert.equal(parse.mock.callCount(), 2)
})

interface Texted extends Thing {
  readonly text: string
}

function ordered(plain: ReadonlyMap<string, Thing>): Texted[] {
  return [...plain.values()]
    .filter((thing): thing is Texted => thing.text !== undefined)
    .sort((one, other) => (one.text < other.text ? -1 : 1))
}

test('a range is what a plain list would give, by prefix, after a text, and at most so many (SSO-104)', () => {
  const words = defineTable<Thing>({
    kind: 'test/word',
    key: (thing) => thing.id,
    orders: { text: (thing) => `${thing.text} ${thing.id}` },
  })
  const table = new Table(words, { changed: () => {} })
  const plain = new Map<string, string>()
  for (let n = 0; n < 3_000; n++) {
    const id = String((n * 7_919) % 2_003)
    const text = String.fromCharCode(97 + ((n * 31) % 7))
    if (n % 5 === 4) {
      table.delete(id)
      plain.delete(id)
    } else {
      table.put({ id, text })
      plain.set(id, `${text} ${id}`)
    }
  }
  const texts = [...plain.values()].sort()
  for (const prefix of ['', 'a ', 'c ', 'c 1', 'g ', 'z'])
    for (const after of [undefined, texts[0], texts[700], 'c 15', 'zz'])
      for (const most of [1, 600, Number.POSITIVE_INFINITY]) {
        const expected = texts
          .filter((each) => each.startsWith(prefix) && (after === undefined || each > after))
          .slice(0, most)
        const found = table.range('text', prefix, after, most).map(({ id, text }) => `${text} ${id}`)
        assert.deepEqual(found, expected)
      }
})
