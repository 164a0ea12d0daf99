import { setImmediate } from 'node:timers/promises'
import { type Call, family, prepared } from '../../authorization/index.ts'
import type { TrailRead } from '../../graph/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import { accountDetails } from './account-details.ts'
import { askedOf } from './asks.ts'
import { checkClaims } from './claims.ts'
import { GraphThread } from './graph-thread.ts'
import type { OperationName } from './messages.ts'
import { type AnyRequest, accountsOf, openAccount } from './open.ts'
import { readTrail } from './seen.ts'

/** One for all servers of the process. */
const thread = new GraphThread()

/** Days of the trail that ProposeCut looks at if the request does not say. */
const defaultDays = 90

/** The operations of the graph. All of them only read. */
export const operations = family<OmenGraph.Operations>()({
  ListPaths: inThread('ListPaths'),
  GetEdge: inThread('GetEdge'),
  GetReach: inThread('GetReach'),
  ExportGraph: inThread('ExportGraph'),
  GetAccountDetails: {
    run(input: OmenGraph.GetAccountDetailsRequest, call: Call): OmenGraph.GetAccountDetailsResponse {
      return accountDetails(input, call)
    },
    accounts: accountsOf,
    requests: askedOf('GetAccountDetails'),
    readOnly: true,
  },
  ProposeCut: inThread('ProposeCut', ({ keepSeenDays = defaultDays }, { id }, { deps, now }) =>
    readTrail((query) => deps.recorder.lookUp(query), id, now, keepSeenDays),
  ),
})

type Input<Name extends OperationName> = OmenGraph.Operations[Name]['input'] & AnyRequest
type Output<Name extends OperationName> = OmenGraph.Operations[Name]['output']

/** An operation that the thread answers. `trailOf` reads what it needs of the trail. */
function inThread<Name extends OperationName>(
  operation: Name,
  trailOf?: (input: Input<Name>, account: Call['account'], call: Call) => Promise<TrailRead>,
) {
  return {
    ...prepared({
      async prepare(input: Input<Name>, call: Call): Promise<Output<Name>> {
        checkClaims(input)
        const before = openAccount(input, call)
        const trail = await trailOf?.(input, before.account, call)
        const inView = [before.account, ...before.others]
        for (const _ of thread.bring(inView, call.deps)) await setImmediate()
        // the account as it is after the trail was read and the accounts were sent
        const { account, others, revision } = openAccount(input, call)
        const question = { operation, input, revision, trail }
        return thread.answer([account, ...others], call.deps, question)
      },
      run: (_input, _call, output: Output<Name>): Output<Name> => output,
    }),
    accounts: accountsOf,
    requests: askedOf(operation),
    readOnly: true as const,
  }
}
