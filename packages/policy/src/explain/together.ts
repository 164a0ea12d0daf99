import type { CompiledSet } from '../compile/compile.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import type { Request } from '../request/request.ts'
import { applyEdit, layerAt } from './apply.ts'
import type { Edit } from './edit.ts'
import { isAllowed, type SuggestOptions, suggest } from './suggest.ts'

/** Maximum edits among which needless ones are sought. */
const maxPruned = 8

/** One request of a call, and the policies that decide it. */
export interface Question extends SuggestOptions {
  readonly request: Request
  readonly compiled: CompiledSet
}

/** An edit, and the question that it was made for. */
interface Made {
  readonly edit: Edit
  readonly question: Question
}

/**
 * Edits that together allow all requests of a call, one request after the other. A request that an earlier edit
 * allows needs none, and edits that later ones make needless are dropped. Undefined if no policy can help one of the
 * requests; empty if all are allowed.
 */
export function suggestTogether(questions: readonly Question[]): readonly Edit[] | undefined {
  let made: readonly Made[] = []
  for (const question of questions) {
    const { request, compiled, ...options } = question
    const set = applyAll(made, question)
    if (isAllowed(evaluate(request, set))) continue
    const [first] = suggest(request, set, { ...options, most: 1 })
    if (first === undefined) return undefined
    made = [...made, ...first.edits.map((edit) => ({ edit, question }))]
  }
  return (made.length <= maxPruned ? pruned(made, questions) : made).map(({ edit }) => edit)
}

/** The edits without needless ones: a later edit may include an earlier one. */
function pruned(made: readonly Made[], questions: readonly Question[]): readonly Made[] {
  let kept = made
  for (const one of made) {
    // what counts the statements behind it must stay
    if (kept.length === 1 || one.edit.type === 'removeStatement') continue
    const index = kept.findIndex(({ edit }) => isSameEdit(edit, one.edit))
    const fewer = aimed(kept.toSpliced(index, 1))
    if (fewer === undefined) continue
    const allows = (each: Question) => isAllowed(evaluate(each.request, applyAll(fewer, each)))
    if (questions.every(allows)) kept = fewer
  }
  return kept
}

function isSameEdit(one: Edit, other: Edit): boolean {
  const plain = ({ policy, ...rest }: Edit) =>
    JSON.stringify({
      ...rest,
      source: policy?.source,
      statement: 'index' in rest.statement ? rest.statement.index : rest.statement,
    })
  return plain(one) === plain(other)
}

/** Applies the edits again without one of them, each to the result of the ones before it. */
function aimed(made: readonly Made[]): readonly Made[] | undefined {
  const again: Made[] = []
  for (const { edit, question } of made) {
    const set = applyAll(again, question)
    const found = edit.policy && findPolicy(set, edit)
    if (edit.policy !== undefined && found === undefined) return undefined
    const aim = found === undefined ? edit : aimAt(edit, found)
    if (aim === undefined || applyEdit(set, aim) === undefined) return undefined
    again.push({ edit: aim, question })
  }
  return again
}

type Found = NonNullable<Edit['policy']>

function findPolicy(set: CompiledSet, edit: Edit): Found | undefined {
  const source = JSON.stringify(edit.policy?.source)
  const found = layerAt(set, edit)?.policies.filter((each) => JSON.stringify(each.source) === source) ?? []
  // Policies that look the same are ambiguous.
  return found.length === 1 ? found[0] : undefined
}

function aimAt(edit: Edit, policy: Found): Edit | undefined {
  if (edit.type === 'addStatement') return { ...edit, policy }
  const statement = policy.policy.statements[edit.statement.index]
  return statement && { ...edit, policy, statement }
}

/** The policies of a request with the edits that concern them. */
function applyAll(made: readonly Made[], { request, compiled }: Question): CompiledSet {
  let set = compiled
  for (const { edit, question } of made) {
    // The policy of one resource does not apply to another.
    const isElsewhere = edit.layer === 'resource' && question.request.resource !== request.resource
    if (edit.policy === undefined && isElsewhere) continue
    set = applyEdit(set, edit) ?? set
  }
  return set
}
