import type { CompiledSet } from '../compile/compile.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { trace } from '../evaluate/trace.ts'
import type { Allowed, Decision, LayerName } from '../request/decision.ts'
import type { Request } from '../request/request.ts'
import { applyEdit } from './apply.ts'
import { candidates } from './candidates.ts'
import type { Edit, Suggestion } from './edit.ts'

/** A denial may have one cause in each layer and each level of SCPs, and rarely has more than three. */
const maxEdits = 8
/** Maximum suggestions of the same size, by default. */
const maxSuggestions = 8
/** Edits that are followed further at each size, the narrowest first. */
const maxPaths = 3
/** Edits that are tried at each step of a path. */
const maxCandidates = 40

export interface SuggestOptions {
  /** Layers that cannot be edited, such as those of a missing resource. */
  readonly fixed?: readonly LayerName[]
  /** Maximum suggestions. Default eight. */
  readonly most?: number
}

interface Path {
  readonly compiled: CompiledSet
  readonly edits: readonly Edit[]
}

/**
 * The smallest edits that would allow a denied request, each confirmed by the engine. Empty if the request is allowed
 * or no policy can help. All suggestions returned have the same number of edits, the narrowest first.
 */
export function suggest(
  request: Request,
  compiled: CompiledSet,
  { fixed = [], most = maxSuggestions }: SuggestOptions = {},
): readonly Suggestion[] {
  let paths: readonly Path[] = [{ compiled, edits: [] }]
  for (let size = 1; size <= maxEdits; size++) {
    const found: Suggestion[] = []
    const further: Path[] = []
    for (const path of paths) step(path, request, { fixed, most }, found, further)
    if (found.length > 0) return found
    paths = further.slice(0, maxPaths)
  }
  return []
}

/** Tries every candidate. Those that allow are results; those that change the reason are followed further. */
function step(
  path: Path,
  request: Request,
  { fixed, most }: Required<SuggestOptions>,
  found: Suggestion[],
  further: Path[],
): void {
  const decisionTrace = trace(request, path.compiled)
  const { decision } = decisionTrace
  if (decision.outcome === 'allowed') return
  const edits = candidates(decision, decisionTrace, path.compiled).filter(
    ({ layer }) => !fixed.includes(layer),
  )
  for (const edit of edits.slice(0, maxCandidates)) {
    if (found.length >= most) return
    const compiled = applyEdit(path.compiled, edit)
    if (compiled === undefined) continue
    const all = [...path.edits, edit]
    const after = evaluate(request, compiled)
    if (isAllowed(after)) found.push({ edits: all, decision: after })
    else if (isProgress(decision, after)) further.push({ compiled, edits: all })
  }
}

/** Whether the answer is yes. */
export function isAllowed(decision: Decision): decision is Allowed {
  return decision.outcome === 'allowed'
}

/** Whether the request is denied for another reason: by another statement, layer or level. */
export function isProgress(before: Decision, after: Decision): boolean {
  if (before.outcome === 'allowed' || after.outcome === 'allowed') return false
  if (before.outcome !== after.outcome || before.layer !== after.layer) return true
  if (before.outcome === 'implicitDeny' && after.outcome === 'implicitDeny') {
    return before.level !== after.level || before.grantedTo !== after.grantedTo
  }
  const [was] = before.by
  const [is] = after.by
  return (
    was?.statement.index !== is?.statement.index ||
    was?.source !== is?.source ||
    // After a Deny is removed, the next one takes its place.
    was?.policy.statements.length !== is?.policy.statements.length
  )
}
