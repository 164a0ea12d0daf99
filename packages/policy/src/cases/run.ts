import { compile } from '../compile/compile.ts'
import type { Trace } from '../evaluate/story.ts'
import { trace } from '../evaluate/trace.ts'
import { explain } from '../explain/explain.ts'
import type { Decision } from '../request/decision.ts'
import type { Case, Expectation } from './case.ts'
import { openCase } from './open.ts'
import { reasonsOf } from './reasons.ts'

/** The result of a case. For `failed`, `story` explains the decision; a `bad` case could not be run. */
export type CaseResult =
  | {
      readonly status: 'passed' | 'failed'
      readonly name: string
      readonly expect: Expectation
      readonly got: Decision['outcome']
      /** The layer that decided, or the reason of an allow. */
      readonly because: string
      readonly trace: Trace
      readonly story: readonly string[]
    }
  | { readonly status: 'bad'; readonly name: string; readonly expect: Expectation; readonly message: string }

/** Runs a case and compares the decision with the expected one. */
export function runCase(asked: Case): CaseResult {
  const { name, expect, because } = asked
  const opened = openCase(asked)
  if (!opened.ok) return { status: 'bad', name, expect, message: opened.message }
  const decisionTrace = trace(opened.request, compile(opened.policies))
  const { decision } = decisionTrace
  const passed =
    decision.outcome === expect &&
    (because === undefined || reasonsOf(decisionTrace).has(because.toLowerCase()))
  return {
    status: passed ? 'passed' : 'failed',
    name,
    expect,
    got: decision.outcome,
    because: decision.outcome === 'allowed' ? decision.reason : decision.layer,
    trace: decisionTrace,
    story: explain(decisionTrace, opened.request).story,
  }
}
