// A process of its own: it counts steps, and what other tests asked before would save some.
import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import { compile } from '../compile/compile.ts'
import type { PolicyKind } from '../document/policy.ts'
import type { Grant } from '../document/set.ts'
import { layerOf, policyOf, root, type StatementInput, session, sourceOf, user } from '../fixture.ts'
import type { Principal } from '../request/principal.ts'
import { principalContext } from '../request/principal-context.ts'
import type { Request } from '../request/request.ts'
import type { Answer, ResidualCondition } from '../witness/answer.ts'
import { findGap } from '../witness/find-gap.ts'
import { findWitness } from '../witness/find-witness.ts'
import type { OpenRequest } from '../witness/question.ts'

type Statements = readonly StatementInput[]

/** A line: the requests that must be allowed together, or none for a gap; what is open; and the statements of each layer. */
interface Case extends Pick<OpenRequest, 'chosen' | 'open' | 'absent'> {
  readonly who: string
  readonly steps?: number
  /** The account of the resource is not said beside its ARN. */
  readonly noAccount?: true
  readonly ask?: readonly {
    readonly action: string
    readonly resource: OpenRequest['resource']
    readonly call?: string
  }[]
  readonly context?: OpenRequest['context']
  readonly grant?: Grant
  readonly identity?: Statements
  readonly boundary?: Statements
  readonly session?: Statements
  readonly own?: Statements
  readonly endpoint?: Statements
  readonly scp?: readonly Statements[]
  readonly rcp?: readonly Statements[]
}

const callers: Readonly<Record<string, Principal>> = {
  user,
  session,
  root,
  service: { type: 'service', names: ['sns.amazonaws.com'] },
  anyone: { type: 'anonymous' },
  federated: {
    type: 'federatedUser',
    arn: 'arn:aws:sts::123456789012:federated-user/bob',
    account: '123456789012',
    parent: { type: 'user', account: '123456789012', arn: 'arn:aws:iam::123456789012:user/dev' },
  },
  stranger: { type: 'user', arn: 'arn:aws:iam::210987654321:user/ann', account: '210987654321' },
}

function setOf({ grant, ...layers }: Case) {
  const flat = (kind: PolicyKind, list: Statements | undefined) => list && layerOf(kind, ...list)
  return compile({
    identity: flat('identity', layers.identity),
    boundary: flat('boundary', layers.boundary),
    session: flat('session', layers.session),
    endpoint: flat('endpoint', layers.endpoint),
    scp: layers.scp?.map((statements) => layerOf('scp', ...statements)),
    rcp: layers.rcp?.map((statements) => layerOf('rcp', ...statements)),
    resource: layers.own && {
      source: sourceOf(policyOf('resource', ...layers.own)),
      ...(grant === undefined ? {} : { grant }),
    },
  })
}

function answerLines(answer: Answer): readonly string[] {
  if (answer.verdict === 'undecided')
    return [`undecided ${answer.reason} ${answer.what ?? ''} ${answer.steps}`]
  if (answer.verdict === 'blocked') {
    const { asked, layer, level, deny, decision, request, isGranted } = answer
    const by = deny && `${deny.layer} ${deny.statement.index}`
    return [
      `blocked ${asked} ${layer} ${level} by ${by} ${decision.outcome} granted ${isGranted}`,
      requestLine(request),
    ]
  }
  return [
    `${answer.verdict} ${JSON.stringify(answer.variables)} ${answer.decisions.map(({ reason }) => reason).join()}`,
    ...answer.requests.map(requestLine),
    ...('residual' in answer ? answer.residual.map(residualLine) : []),
  ]
}

function requestLine({ action, resource, context }: Request): string {
  const keys = [...context.entries()].map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  return `  ${action} ${resource} ${keys.filter((each) => !/^aws:(principal|user)/.test(each)).join(' ')}`.trimEnd()
}

const residualLine = ({ operator, key, values, mustHold, asked, by, span }: ResidualCondition) =>
  `  if ${mustHold ? '' : 'not '}${operator} ${key} ${values.join(' ')} (of ${asked.join()} by ${by.layer} ${by.statement.index} at ${span.start.offset})`

function check(name: string): void {
  checkCorpus(join(import.meta.dirname, name), (line) => {
    const asked: Case = JSON.parse(line)
    const { who, steps, ask, noAccount, context = {}, chosen = {}, open = {}, absent = [] } = asked
    const principal = callers[who]!
    const policies = setOf(asked)
    const options = steps === undefined ? {} : { steps }
    const shared = { principal, context: { ...principalContext(principal), ...context } }
    if (ask === undefined) {
      const answer = findGap({ ...shared, policies, open }, options)
      if (answer.verdict === 'gap') return [`gap ${answer.decision.outcome}`, requestLine(answer.request)]
      if (answer.verdict === 'undecided') return answerLines(answer)
      return [answer.verdict, ...('residual' in answer ? answer.residual.map(residualLine) : [])]
    }
    const requests = ask.map(({ action, resource, call }) => ({
      request: {
        ...shared,
        action,
        resource,
        ...(noAccount ? {} : { resourceAccount: '123456789012' }),
        chosen,
        open,
        absent,
      },
      policies,
      ...(call === undefined ? {} : { call }),
    }))
    return answerLines(findWitness(requests, options))
  })
}

// One test, because results are kept for later questions and so count for the steps.
test('what the search for a witness says of each case of questions.txt and searches.txt', () => {
  check('questions.txt')
  check('searches.txt')
})
