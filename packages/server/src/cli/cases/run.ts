import {
  type CompiledSet,
  compile,
  type Determining,
  evaluate,
  type LayerTrace,
  openQuestion,
  plainChange,
  policyWords,
  type Request,
  reasonsOf,
  type Statement,
  statementWords,
  suggest,
  type Trace,
  trace,
} from '@omen-iam/policy'
import type { CheckAnswer } from '../../learn/index.ts'
import { runPaths } from './paths.ts'
import type { PolicyFiles } from './policies.ts'
import type { SeedServer } from './seed-server.ts'
import type { Named, PreparedCase, Tested } from './types.ts'

/** Statements that came near and are named. */
const nearMost = 3

/** Evaluates one case. `decided`, if coverage is wanted, receives every statement that decides. */
export async function runPrepared(
  prepared: PreparedCase,
  files: PolicyFiles,
  servers: (seed: string) => Promise<SeedServer>,
  decided: ((statement: Statement) => void) | undefined,
): Promise<Tested> {
  const { file, name, expect, because: wanted, place, question } = prepared
  if (question.type === 'paths') return runPaths(prepared, question, servers)
  if (question.type === 'check') {
    const answer = await (await servers(prepared.seed ?? '')).check(question.check)
    return checked(prepared, answer)
  }
  const common = { file, name, expect, place, ...(wanted === undefined ? {} : { wanted }) }
  const bad = (message: string): Tested => ({
    ...common,
    status: 'error',
    because: message,
    statements: [],
    change: [],
  })
  let request: Request
  let policies: CompiledSet
  if (question.type === 'engine') {
    const opened = openQuestion(question.request, question.policies)
    if (!opened.ok) return bad(opened.message)
    request = opened.request
    policies = compile(opened.policies)
  } else {
    const asked = await (await servers(prepared.seed ?? '')).ask(question)
    if (typeof asked === 'string') return bad(asked)
    request = asked.request
    policies = asked.policies
  }
  const decision = evaluate(request, policies)
  if (decided !== undefined) for (const statement of decidingIn(trace(request, policies))) decided(statement)
  const because = decision.outcome === 'allowed' ? decision.reason : decision.layer
  const isExpected = expect === decision.outcome || (expect === 'denied' && decision.outcome !== 'allowed')
  if (isExpected && wanted === undefined)
    return { ...common, status: 'passed', got: decision.outcome, because, statements: [], change: [] }
  const traced = trace(request, policies)
  const passed = isExpected && reasonsOf(traced).has((wanted ?? '').toLowerCase())
  return {
    ...common,
    status: passed ? 'passed' : 'failed',
    got: decision.outcome,
    because,
    statements: passed ? [] : namedOf(traced, files),
    change: passed || expect !== 'allowed' ? [] : changeOf(request, policies),
  }
}

/** How a check of a server went. */
function checked({ file, name, expect, place }: PreparedCase, answer: CheckAnswer | string): Tested {
  const common = { file, name, expect, place, statements: [], change: [] }
  if (typeof answer === 'string') return { ...common, status: 'error', because: answer }
  const { holds, got, example, path, sentence } = answer
  const because = [got, example, path, sentence].filter((each) => each !== undefined).join(': ')
  return { ...common, status: holds ? 'passed' : 'failed', got: holds ? 'holds' : 'differs', because }
}

/** Every statement that contributes to an Allow, boundaries and SCPs included; or that denies. */
function decidingIn({ decision, layers }: Trace): readonly Statement[] {
  if (decision.outcome === 'implicitDeny') return []
  const effect = decision.outcome === 'allowed' ? 'Allow' : 'Deny'
  return layers
    .filter(({ verdict }) => verdict !== 'notApplied')
    .flatMap(({ policies }) => policies.flatMap(({ statements }) => statements))
    .filter(({ matched, statement }) => matched && statement.effect === effect)
    .map(({ statement }) => statement)
}

function changeOf(request: Request, policies: CompiledSet): readonly string[] {
  const [smallest] = suggest(request, policies, { most: 1 })
  return smallest?.edits.map(plainChange) ?? []
}

function namedOf({ decision, layers }: Trace, files: PolicyFiles): readonly Named[] {
  if (decision.outcome !== 'implicitDeny') {
    const verb = decision.outcome === 'allowed' ? 'allowed by' : 'denied by'
    return decision.by.map((each) => named(each, verb, files))
  }
  return layers
    .filter(({ layer, verdict }) => layer === decision.layer && verdict === 'noAllow')
    .flatMap((layer) => nearest(layer, files))
    .slice(0, nearMost)
}

function nearest({ layer, policies }: LayerTrace, files: PolicyFiles): readonly Named[] {
  return policies.flatMap(({ source, policy, statements }) =>
    statements.flatMap(({ statement, failed }) => {
      if (statement.effect !== 'Allow' || failed === undefined || failed.element === 'Action') return []
      const verb = failed.element.startsWith('Not') ? 'excludes it in' : 'does not match in'
      const near = named({ layer, source, policy, statement }, `${failed.element} ${verb}`, files)
      const place = files.place(policy, failed.span)
      return [place === undefined ? near : { ...near, place }]
    }),
  )
}

function named({ layer, source, policy, statement }: Determining, verb: string, files: PolicyFiles): Named {
  const place = files.place(policy, statement.span)
  return {
    words: `${verb} ${statementWords(statement)} of ${policyWords({ source, policy }, layer)}`,
    ...(statement.sid === undefined ? {} : { sid: statement.sid }),
    ...(place === undefined ? {} : { place }),
  }
}
