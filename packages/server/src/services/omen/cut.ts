import { techniqueTable } from '../../authorization/catalogue/index.ts'
import { type Call, family, prepared } from '../../authorization/index.ts'
import { cutAnswerView, proposeCuts, type SeenCall } from '../../graph/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import { askedOf } from './asks.ts'
import { accountsOf, openGraph, optionsOf } from './open.ts'
import { getGoal, getPerson } from './paths.ts'
import { seenCalls } from './seen.ts'

/** Days of the trail that are looked at if the request does not say. */
const defaultDays = 90

/** The smallest sets of edits that end paths. */
export const cuts = family<OmenGraph.Operations>()({
  ProposeCut: {
    ...prepared({
      async prepare(input: OmenGraph.ProposeCutRequest, call: Call): Promise<readonly SeenCall[]> {
        const { account } = openGraph(input, call)
        const days = input.keepSeenDays ?? defaultDays
        return days === 0 ? [] : seenCalls(account, days, call)
      },
      run(input: OmenGraph.ProposeCutRequest, call: Call, seen) {
        const { graph, revision } = openGraph(input, call)
        const from = input.from === undefined ? undefined : getPerson(graph, input.from)
        const to = getGoal(graph, input.to)
        const answer = proposeCuts(graph, techniqueTable(), {
          ...optionsOf(input),
          ...(from === undefined ? {} : { starts: [from] }),
          ...(to === undefined ? {} : { to }),
          seen,
          most: input.maxCuts ?? 1,
        })
        return { revision, ...cutAnswerView(graph.world, answer, from?.arn, to?.arn) }
      },
    }),
    accounts: accountsOf,
    requests: askedOf('ProposeCut'),
    readOnly: true,
  },
})
