import type { CompiledSet } from '../compile/compile.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import type { Request } from '../evaluate/request.ts'
import { applyEdit, layerAt } from './apply.ts'
import type { Edit } from './edit.ts'
import { isAllowed, type SuggestOptions, suggest } from './suggest.ts'

/** Of more edits nobody looks for needless ones. */
const MAX_PRUNED = 8

/** One of the questions that a call asks, and what it is decided by. */
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
 * Edits that together allow all that a call asks, one question after the other: what an edit before has allowed needs
 * none, and what a later one makes needless goes. Undefined where no policy can help some question; no edits where
 * all are allowed.
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
  return (made.length <= MAX_PRUNED ? pruned(made, questions) : made).map(({ edit }) => edit)
}

/** The edits without those that nothing needs: a later one may do what an earlier one did, and more. */
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

/** The edits made again without one of them: each is of the policy as the ones before it leave it. */
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
  // of policies that nothing tells apart none is meant for certain
  return found.length === 1 ? found[0] : undefined
}

function aimAt(edit: Edit, policy: Found): Edit | undefined {
  if (edit.type === 'addStatement') return { ...edit, policy }
  const statement = policy.policy.statements[edit.statement.index]
  return statement && { ...edit, policy, statement }
}

/** A question's policies with the edits made, as far as they are about them. */
function applyAll(made: readonly Made[], { request, compiled }: Question): CompiledSet {
  let set = compiled
  for (const { edit, question } of made) {
    // one resource's policy is not another's
    const isElsewhere = edit.layer === 'resource' && question.request.resource !== request.resource
    if (edit.policy === undefined && isElsewhere) continue
    set = applyEdit(set, edit) ?? set
  }
  return set
}
