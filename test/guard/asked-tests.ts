import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asked, type Sent } from './asked.ts'

/** Calls by service, each with a name and with all that it asks. */
export type Calls = Readonly<Record<string, readonly (readonly [name: string, Sent, readonly string[]])[]>>

/** One test a call. */
export function askedTests(calls: Calls): void {
  for (const [service, rows] of Object.entries(calls)) {
    describe(`what ${service} asks (behaviours GRD-10 to GRD-12)`, () => {
      for (const [name, sent, expected] of rows) test(name, () => assert.deepEqual(asked(sent), expected))
    })
  }
}
