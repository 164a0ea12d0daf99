import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Unreadable } from './input.ts'
import { partiqlTable } from './partiql.ts'

/** By statement: the table, or what is wrong with it. */
const tables: readonly (readonly [statement: string, expected: string])[] = [
  ['SELECT * FROM "Music"', 'Music'],
  ['select * from Music', 'Music'],
  ['SELECT * FROM "Music"."ByYear" WHERE a = 1', 'Music/index/ByYear'],
  ['SELECT a FROM Music.ByYear', 'Music/index/ByYear'],
  ['SELECT * FROM "a""b"', 'a"b'],
  ["SELECT 'FROM' FROM Music", 'cannot be read'],
  ['SELECT "a from Other " FROM Music', 'cannot be read'],
  ["SELECT * FROM Music WHERE a = 'from Other '", 'Music'],
  ['SELECT * FROM Music m, Other o', 'has more than its table behind FROM'],
  ['SELECT * FROM "Music" AS m, "Other"', 'has more than its table behind FROM'],
  ['SELECT * FROM Music AT m', 'has more than its table behind FROM'],
  ['SELECT * FROM Music[0]', 'has more than its table behind FROM'],
  ['SELECT * FROM Music.ByYear y, Other', 'has more than its table behind FROM'],
  ['UPDATE Music Other SET a = 1', 'has more than its table behind FROM'],
  ['SELECT * FROM "Music" ORDER BY a', 'Music'],
  ['DELETE FROM "Music"', 'Music'],
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

describe('a PartiQL statement of DynamoDB (GRD-23)', () => {
  for (const [statement, expected] of tables)
    test(`${statement || 'nothing'}: ${expected}`, () => {
      if (expected.includes(' ')) {
        const isExpected = (error: unknown) =>
          error instanceof Unreadable && error.message === `A PartiQL statement ${expected}`
        assert.throws(() => partiqlTable(statement), isExpected)
      } else assert.equal(partiqlTable(statement), expected)
    })
})
