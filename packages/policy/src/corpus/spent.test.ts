import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import { type CompiledSet, compile } from '../compile/compile.ts'
import type { PolicyKind } from '../document/policy.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { trace } from '../evaluate/trace.ts'
import { findUnknowableDeny } from '../evaluate/unknowable.ts'
import {
  layerOf,
  policyOf,
  requestOf,
  root,
  type StatementInput,
  session,
  sourceOf,
  user,
} from '../fixture.ts'
import { Budget } from '../match/meter.ts'
import type { ContextInput } from '../request/context.ts'
import type { Principal } from '../request/principal.ts'
import type { Request } from '../request/request.ts'

type Statements = readonly StatementInput[]

interface Case {
  readonly who: string
  readonly context?: Readonly<Record<string, ContextInput>>
  readonly identity?: Statements
  readonly boundary?: Statements
  readonly own?: Statements
  readonly scp?: Statements
}

const callers: Readonly<Record<string, Principal>> = {
  user,
  session,
  root,
  service: { type: 'service', names: ['sns.amazonaws.com'] },
}

const short = (problem: string) =>
  problem.startsWith('the policies need more steps') ? 'steps' : problem.slice(0, 40)

/** What a budget of so many steps brings: the decision, each statement of the trace, and the Deny that may apply. */
function ofBudget(request: Request, set: CompiledSet, steps: number): string {
  const spent = new Budget(steps)
  const decision = evaluate(request, set, spent)
  const why =
    decision.outcome === 'allowed'
      ? decision.reason
      : decision.outcome === 'explicitDeny'
        ? `${decision.layer} ${decision.by[0]?.statement.index}`
        : decision.layer
  const open = decision.unevaluable.map(
    ({ layer, statement, problem }) => `${layer} ${statement.index}: ${short(problem)}`,
  )
  const traced = trace(request, set, new Budget(steps)).layers.map(
    ({ layer, verdict, policies }) =>
      `${layer} ${verdict} ${policies
        .flatMap(({ statements }) => statements)
        .map(({ matched, elements, failed, problem }) =>
          [
            matched ? 'yes' : 'no',
            elements.map((each) => `${each.element[0]}${each.matched ? '+' : '-'}`).join(''),
            ...(failed === undefined ? [] : [`failed ${elements.indexOf(failed)}`]),
            ...(problem === undefined ? [] : [short(problem)]),
          ].join(' '),
        )
        .join(', ')}`,
  )
  const unknowable = findUnknowableDeny(request, set, (key) => key.startsWith('my:no'), new Budget(steps))
  const found = unknowable && `${unknowable.by.layer} ${unknowable.by.statement.index} ${unknowable.key}`
  return `${decision.outcome} ${why} [${open.join('; ')}] ${spent.left < 0 ? 'spent' : spent.used} | ${traced.join(' | ')} | ${found ?? 'none'}`
}

test('POL-181 what each budget brings, for each case of spent.txt', () => {
  checkCorpus(join(import.meta.dirname, 'spent.txt'), (line) => {
    const { who, context, own, scp, ...layers }: Case = JSON.parse(line)
    const flat = (kind: PolicyKind, list: Statements | undefined) => list && layerOf(kind, ...list)
    const set = compile({
      identity: flat('identity', layers.identity),
      boundary: flat('boundary', layers.boundary),
      scp: scp && [layerOf('scp', ...scp)],
      resource: own && { source: sourceOf(policyOf('resource', ...own)) },
    })
    const request = requestOf({ principal: callers[who]!, ...(context === undefined ? {} : { context }) })
    const lines: string[] = []
    let before: string | undefined
    for (let steps = 0; steps <= 60; steps++) {
      const now = ofBudget(request, set, steps)
      if (now !== before) lines.push(`${steps}: ${now}`)
      before = now
    }
    return lines
  })
})
