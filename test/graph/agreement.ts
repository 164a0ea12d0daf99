import assert from 'node:assert/strict'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type Graph,
  type Principal,
  principalsIn,
  solvePlainly,
  type World,
} from '../../packages/server/src/graph/index.ts'

const isSoak = process.env.OMEN_SOAK !== undefined
/** Of the questions, one in so many is solved a second time; `OMEN_SOAK` solves all. */
const oneIn = isSoak ? 1 : 7
/** The most that a second solution may take; one that takes more says nothing. */
const limits = isSoak ? { states: 40, asked: 5000 } : { states: 10, asked: 120 }
const mostPrincipals = isSoak ? 60 : 20

/** So many attached policies are one less than AWS allows, unless it has raised the quota. */
const nearlyFull = 9

/** Whether a question is one of those that are solved a second time: the same ones in each run. */
function isChosen(world: World, from: Principal, to: Principal | undefined): boolean {
  const texts = principalsIn(world).flatMap(({ arn, inline }) => [
    arn,
    ...inline.map(({ policy }) => policy.text),
  ])
  let hash = 0
  for (const character of JSON.stringify([from.arn, to?.arn, texts]))
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003
  return hash % oneIn === 0
}

/**
 * Checks that the plain solver gives the verdict of the graph for a question. Does nothing if the account is large, if the
 * plain solver does not come to its end, or if several policies want one place: the plain solver supposes that AWS has
 * raised that quota, and the graph does not.
 */
export function checkAgreement(
  graph: Graph,
  from: Principal,
  to: Principal | undefined,
  account?: string,
): void {
  const principals = principalsIn(graph.world)
  if (principals.length > mostPrincipals || !isChosen(graph.world, from, to)) return
  if (principals.some(({ attached }) => attached.length >= nearlyFull)) return
  const { verdict } = graph.paths(from, to, { account })
  const plain = solvePlainly(graph.world, techniqueTable(), from, { to, account }, limits)
  if (!plain.isCut)
    assert.equal(plain.verdict, verdict === 'blocked' ? 'none' : verdict, plain.steps.join('\n'))
}
