import { compile } from '../compile/compile.ts'
import type { Decision } from '../evaluate/decision.ts'
import type { Trace } from '../evaluate/story.ts'
import { trace } from '../evaluate/trace.ts'
import { explain } from '../explain/explain.ts'
import type { Case, Expectation } from './case.ts'
import { openCase } from './open.ts'
import { reasonsOf } from './reasons.ts'

/** How a case went. `failed` says what was wrong in `story`; `bad` cases could not be asked. */
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

/** Asks the engine a case and compares the answer. */
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
