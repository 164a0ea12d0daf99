import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Unreadable } from './input.ts'
import { partiqlKeys, partiqlTable } from './partiql.ts'

/** By statement: the table, or what is wrong with it. */
const tables: readonly (readonly [statement: string, expected: string])[] = [
  ['SELECT * FROM "Music"', 'Music'],
  ['select * from Music', 'Music'],
  ['SELECT * FROM "Music"."ByYear" WHERE a = 1', 'Music/index/ByYear'],
  ['SELECT a FROM Music.ByYear', 'Music/index/ByYear'],
  ['SELECT * FROM "a""b"', 'a"b'],
  ["SELECT 'FROM' FROM Music", 'Music'],
  ['EXISTS(SELECT * FROM "Music" WHERE a = 1)', 'Music'],
  ['UPDATE "Music" SET a = 1 WHERE b = 2', 'Music'],
  ['INSERT INTO "Music" VALUE {\'a\': 1}', 'Music'],
  ['DELETE FROM "Music" WHERE a = 1', 'Music'],
  ['DELETE FROM Music-2 WHERE a = 1', 'Music-2'],
  // what could be read in two ways
  ['SELECT * FROM /* "Other" */ "Music"', 'cannot be read'],
  ['SELECT * FROM "Music" -- "Other"', 'cannot be read'],
  ['SELECT * FROM "Music"; SELECT * FROM "Other"', 'cannot be read'],
  ['SELECT * FROM `Music`', 'cannot be read'],
  ['SELECT * FROM "Music', 'cannot be read'],
  ['SELECT * FROM "Music" WHERE a = \'b', 'cannot be read'],
  ['SELECT * FROM "Music\\"', 'cannot be read'],
  ['SELECT * FROM \\Music', 'cannot be read'],
  ['SELECT a / b FROM "Music"', 'Music'],
  ['SELECT * FROM "Music", "Other"', 'names more than one table'],
  ['SELECT * FROM "Music" JOIN "Other"', 'names more than one table'],
  ['SELECT * FROM "Music" WHERE a IN (SELECT b FROM "Other")', 'names more than one table'],
  ['SELECT *', 'names no table'],
  ['SELECT * FROM', 'names no table'],
  ["SELECT * FROM 'Music'", 'names no table'],
  ['SELECT * FROM {}', 'names no table'],
  ['INSERT "Music"', 'names no table'],
  ['DELETE "Music"', 'names no table'],
  ['CREATE TABLE "Music"', 'names no table'],
  ['', 'names no table'],
]

/** By statement, with the values of its question marks: the values of the partition key `a`, or undefined. */
const keys: readonly (readonly [
  statement: string,
  expected: readonly string[] | undefined,
  ...parameters: (string | undefined)[],
])[] = [
  ['SELECT * FROM "T" WHERE a = 1', ['1']],
  ['SELECT * FROM "T" WHERE a = \'x\'', ['x']],
  ["SELECT * FROM \"T\" WHERE a = 'it''s'", ["it's"]],
  ['SELECT * FROM "T" WHERE "a" = 1', ['1']],
  ['SELECT * FROM "T" WHERE a = ?', ['p'], 'p'],
  ['SELECT * FROM "T" WHERE b = ? AND a = ?', ['q'], 'p', 'q'],
  ['SELECT * FROM "T" WHERE a = ?', undefined],
  ['SELECT * FROM "T" WHERE a = 1 AND b = 2', ['1']],
  ['SELECT * FROM "T" WHERE a = 1 ORDER BY b', ['1']],
  ['UPDATE "T" SET b = 2 WHERE a = 1 RETURNING ALL OLD *', ['1']],
  ['UPDATE "T" SET a = 2 WHERE b = 1', undefined],
  ['DELETE FROM "T" WHERE a = 1', ['1']],
  ["INSERT INTO \"T\" VALUE {'a': 'x', 'b': 1}", ['x']],
  ["INSERT INTO \"T\" VALUE {'b': 1, 'a': ?}", ['p'], 'p'],
  ['INSERT INTO "T" VALUE {a: \'x\'}', undefined],
  // other values may be meant
  ['SELECT * FROM "T"', undefined],
  ['SELECT * FROM "T" WHERE b = 1', undefined],
  ['SELECT * FROM "T" WHERE a = 1 OR b = 2', undefined],
  ['SELECT * FROM "T" WHERE a IN [1, 2]', undefined],
  ['SELECT * FROM "T" WHERE a = 1 AND NOT b = 2', undefined],
  ['SELECT * FROM "T" WHERE a BETWEEN 1 AND 2', undefined],
  ['SELECT * FROM "T" WHERE a = 1 AND EXISTS b', undefined],
  ['SELECT * FROM "T" WHERE m.a = 1', undefined],
  ['SELECT * FROM "T" WHERE a = 1 + 1', undefined],
  ['SELECT * FROM "T" WHERE a = b', undefined],
  ['SELECT * FROM "T" WHERE a = 1 AND a = ?', undefined],
  ['SELECT * FROM "T" WHERE a > 1', undefined],
]

describe('a PartiQL statement of DynamoDB (GRD-23)', () => {
  for (const [statement, expected] of tables)
    test(`${statement || 'nothing'}: ${expected}`, () => {
      if (expected.includes(' ')) {
        const isExpected = (error: unknown) =>
          error instanceof Unreadable && error.message === `A PartiQL statement ${expected}`
        assert.throws(() => partiqlTable(statement), isExpected)
      } else assert.equal(partiqlTable(statement), expected)
    })
  for (const [statement, expected, ...parameters] of keys)
    test(`${statement} ${parameters}: ${expected ?? 'any key'}`, () => {
      assert.deepEqual(partiqlKeys(statement, 'a', parameters), expected)
    })
})
