import assert from 'node:assert/strict'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { type Graph, type Person, peopleIn, solvePlainly } from '../../packages/server/src/graph/index.ts'

const isSoak = process.env.OMEN_SOAK !== undefined
/** Of the questions, one in so many is solved a second time; `OMEN_SOAK` solves all. */
const oneIn = isSoak ? 1 : 7
/** The most that a second solution may take; one that takes more says nothing. */
const limits = isSoak ? { states: 40, asked: 5000 } : { states: 10, asked: 120 }
const mostPeople = isSoak ? 60 : 20

let place = 0

/**
 * Checks that the plain solver gives the verdict of the graph for a question. Does nothing if the account is large, or if
 * the plain solver does not come to its end.
 */
export function checkAgreement(graph: Graph, from: Person, to: Person | undefined, account?: string): void {
  if (peopleIn(graph.world).length > mostPeople || place++ % oneIn !== 0) return
  const { verdict } = graph.paths(from, to, { account })
  const plain = solvePlainly(graph.world, techniqueTable(), from, { to, account }, limits)
  if (!plain.isCut)
    assert.equal(plain.verdict, verdict === 'blocked' ? 'none' : verdict, plain.steps.join('\n'))
}
