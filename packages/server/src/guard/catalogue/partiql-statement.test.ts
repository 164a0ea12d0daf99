import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Unreadable } from './input.ts'
import { statementFacts } from './partiql-statement.ts'

const keys = { hash: 'pk', range: 'sk' }

/** By the end of a SELECT: the partition keys that it names, and whether it reads the whole table. */
const selections: readonly (readonly [
  rest: string,
  leading: readonly string[] | undefined,
  scans?: boolean,
])[] = [
  ['', undefined, true],
  ["WHERE pk='a'", ['a'], false],
  ["WHERE 'a' = pk", ['a'], false],
  ["WHERE (pk='a')", ['a'], false],
  ["WHERE pk='a' AND sk=2 AND sk=2.0", ['a'], false],
  ["WHERE pk='a' AND (sk<3 OR sk>=10)", ['a'], false],
  ["WHERE pk='a' AND sk BETWEEN 1 AND 2", ['a'], false],
  ["WHERE pk='a' AND begins_with(sk, 'b')", ['a'], false],
  ["WHERE pk='a' AND other > 1", ['a'], false],
  ["WHERE pk IN ['a', 'b']", ['a', 'b'], false],
  ["WHERE pk='a' OR pk='b'", ['a', 'b'], false],
  ["WHERE \"pk\" = 'it''s'", ["it's"], false],
  ["WHERE pk='a' AND sk>0 AND sk<20", undefined, true],
  ["WHERE pk='a' AND pk='b'", undefined, true],
  ["WHERE NOT NOT pk='a'", undefined, true],
  ["WHERE NOT pk<>'a'", undefined, true],
  ["WHERE pk='a' OR sk=1", undefined, true],
  ["WHERE pk > 'a'", undefined, true],
  ['WHERE pk = other', undefined, true],
  ["WHERE m.pk = 'a'", undefined, true],
  ["WHERE pk = 'a' || 'b'", undefined, true],
  ["WHERE pk='a' ORDER BY sk", ['a'], false],
  ["WHERE pk='a' AND sk>0 AND sk<20 ORDER BY sk", undefined],
]

describe('what a PartiQL statement is about (GRD-15)', () => {
  for (const [rest, leading, scans] of selections)
    test(`SELECT … ${rest}: ${leading ?? 'any key'}, ${scans === true ? 'all of the table' : 'a part'}`, () => {
      const facts = statementFacts(`SELECT pk, sk FROM "t" ${rest}`, keys, [])
      assert.deepEqual(facts.leading, leading)
      assert.equal(facts.scans, scans)
    })

  test('attributes are those that it selects, sets and compares', () => {
    const attributesOf = (statement: string) => statementFacts(statement, keys, []).attributes
    assert.deepEqual(attributesOf('SELECT secret FROM t WHERE pk=? AND sk=?'), ['secret', 'pk', 'sk'])
    assert.deepEqual(attributesOf('SELECT a.b, "c d" FROM t WHERE contains(e, \'f\')'), ['a', 'c d', 'e'])
    assert.deepEqual(attributesOf('UPDATE t SET secret=? REMOVE g WHERE pk=?'), ['secret', 'g', 'pk'])
    assert.deepEqual(attributesOf("INSERT INTO t VALUE {'pk': 'a', 'm': {'n': 1}}"), ['pk', 'm'])
    assert.equal(statementFacts('SELECT * FROM t', keys, []).all, true)
  })

  test('words that DynamoDB reserves are names where a reader may take them for some (GRD-531)', () => {
    const factsOf = (statement: string) => statementFacts(statement, keys, [])
    for (const [statement, expected] of [
      ["SELECT value, all FROM t WHERE pk = 'a'", ['value', 'all', 'pk']],
      ['SELECT né, 2fa, "or" FROM t', ['né', '2fa', 'or']],
      [
        "UPDATE t SET value = 1, set = 2 REMOVE old WHERE pk = 'a' RETURNING ALL OLD *",
        ['value', 'set', 'old', 'pk'],
      ],
      [
        "DELETE FROM t WHERE pk = 'a' AND limit > 1 AND NOT or = 2 AND b IS NOT MISSING",
        ['pk', 'limit', 'or', 'b'],
      ],
      ["INSERT INTO t VALUE {\"b\": 1, c: 2, 'd': {'e': 3}}", ['b', 'c', 'd']],
    ] as const)
      assert.deepEqual(factsOf(statement).attributes, expected, statement)
    for (const selected of ['*, a', 'a, *', 't.*'])
      assert.equal(factsOf(`SELECT ${selected} FROM t`).all, true)
    assert.equal(factsOf("SELECT a FROM t WHERE pk = 'me' AND value = 1 OR pk = 'you'").leading, undefined)
    assert.equal(factsOf("UPDATE t SET a = 1 WHERE pk = 'me' AND order = 1 OR pk = 'you'").leading, undefined)
    for (const twice of [
      "'pk': 'x', 'pk': 'me'",
      "'pk': 'x', 'pk': 'y', 'pk': 'me'",
      "\"pk\": 'x', 'pk': 'me'",
    ])
      assert.equal(factsOf(`INSERT INTO t VALUE {${twice}}`).leading, undefined, twice)
  })

  test('question marks have their values in order', () => {
    const update = 'UPDATE t SET x=? WHERE sk=? AND pk=?'
    assert.deepEqual(statementFacts(update, keys, ['1', '2', 'a']).leading, ['a'])
    assert.equal(statementFacts(update, keys, ['1', '2', undefined]).leading, undefined)
  })

  test('a statement longer than 8,192 characters is not read', () => {
    assert.throws(() => statementFacts(`SELECT ${'a'.repeat(8_192)}`, keys, []), Unreadable)
    const deep = `SELECT a FROM t WHERE ${'('.repeat(4_000)}a${')'.repeat(4_000)}`
    assert.equal(statementFacts(deep, keys, []).scans, true)
  })
})
