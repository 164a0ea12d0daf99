// Loaded into the nodes of a test: leaves out a part of what keeps nodes together, to see that the test notices.
//
//   TEST_MUTANT=reads npm test -- test/nodes/wire.test

import { rewrite } from './rewrite.mjs'

/** By name: the end of a file's path, what is in it, and what is there instead. */
export const mutants = {
  reads: [
    'store/pg/commit-batch.ts',
    'add({ accounts, reads = [] }: Commit): boolean {',
    'add({ accounts }: Commit): boolean { const reads: readonly Held[] = []',
  ],
  lineage: [
    'store/pg/commit-statement.ts',
    'WHERE k.lineage IS DISTINCT FROM g.base',
    'WHERE k.lineage IS NULL AND g.base IS NOT NULL',
  ],
  confirm: ['directory/confirmer.ts', 'else if (!account.isOwn(now, held))', 'else if (account.id === now)'],
  epoch: ['directory/view.ts', 'account.epoch !== epoch', 'account.epoch < epoch'],
  superseded: ['store/pg/deliveries.ts', 'AND value = $8', 'AND $8::text IS NOT NULL'],
  clock: ['base/clock.ts', 'this.#offset = Math.round', 'if (shown < 0) this.#offset = Math.round'],
}

const name = process.env.TEST_MUTANT
const mutant = name === undefined ? undefined : mutants[name]
if (name !== undefined && mutant === undefined)
  throw new Error(`there is no mutant ${name}: ${Object.keys(mutants)}`)
if (mutant !== undefined) rewrite(...mutant)
