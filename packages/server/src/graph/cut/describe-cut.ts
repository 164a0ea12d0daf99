import { type FactView, factIn } from '../describe.ts'
import { problemIn } from '../fact-words.ts'
import { labelOfStep, shortArn } from '../label.ts'
import type { Incomplete } from '../proof/budget.ts'
import type { Step } from '../proof/fact-graph.ts'
import type { Verdict } from '../reach.ts'
import { editWords, type SentenceLanguage } from '../sentences.ts'
import type { World } from '../world/world.ts'
import type { Cut, CutAnswer, LeftOut, PricedEdit } from './cut-types.ts'
import { Documents } from './documents.ts'
import type { Edit } from './edit.ts'
import { accountOfEdit, contextOf, rowOf } from './edit-kinds.ts'
import type { EditCall, EditContext, EditPlace } from './edit-row.ts'
import type { TrailRead } from './seen.ts'
import type { TakenAway } from './taken-away.ts'

/** An edit, ready for JSON. */
export interface EditView extends EditPlace {
  readonly kind: string
  /** One sentence. */
  readonly text: string
  /** The account in which the edit is made, if several are in view. */
  readonly account?: string
  readonly cost: number
  /** Calls of the trail that the edit would refuse. */
  readonly seen: { readonly calls: number; readonly last?: string }
  readonly before?: string
  readonly after?: string
  readonly calls: readonly EditCall[]
}

/** A cut, ready for JSON. */
export interface CutView {
  readonly cost: number
  readonly edits: readonly EditView[]
  readonly verdictAfter: Verdict
  /** The facts that an undecided verdict waits for. */
  readonly missing: readonly FactView[]
  /** The paths that are left: a cut leaves none. */
  readonly pathsAfter: number
  readonly takesAway: readonly TakenAway[]
}

/** An answer, ready for JSON. */
export interface CutAnswerView {
  /** A single start. */
  readonly from?: string
  readonly to: string
  readonly paths: number
  /** If there are no paths: `undecided` if a fact is missing, so that there may be one. */
  readonly verdict?: Verdict
  /** The facts that this verdict waits for. */
  readonly missing?: readonly FactView[]
  readonly cuts: readonly CutView[]
  readonly isMinimal: boolean
  readonly lowerBound: number
  readonly problems: readonly string[]
  /** If searches ended early: there may be more paths than were found, also after the cuts, and a cut that costs less. */
  readonly incomplete?: Incomplete
}

/** The most rows of what a cut takes away. */
const mostRows = 50

/** An answer in the form that `--output json` prints and the API returns. `trail` is what the seen calls are from, if they were asked for. */
export function cutAnswerView(
  world: World,
  answer: CutAnswer,
  from: string | undefined,
  to: string | undefined,
  language: SentenceLanguage = 'en',
  trail?: TrailRead | 'none',
): CutAnswerView {
  const documents = new Documents(world)
  const stuck = answer.unbreakable && stuckOf(answer.unbreakable.steps, language)
  return {
    ...(from === undefined ? {} : { from }),
    to: to ?? 'administrator',
    paths: answer.paths,
    ...(answer.verdict === undefined ? {} : { verdict: answer.verdict }),
    ...(answer.missing === undefined
      ? {}
      : { missing: answer.missing.map((each) => factIn(each, language)) }),
    cuts: answer.cuts.map((cut) => cutView(world, documents, cut, language)),
    isMinimal: answer.isMinimal,
    lowerBound: Number.isFinite(answer.lowerBound) ? answer.lowerBound : 0,
    problems: [
      ...unreadIn(trail, language),
      ...world.problems.map((each) => problemIn(each, language)),
      ...(stuck === undefined ? [] : [stuck]),
      ...leftOutIn(answer.leftOut, language),
    ],
    ...(answer.incomplete === undefined ? {} : { incomplete: answer.incomplete }),
  }
}

/** The sentence about calls that were not read, so that no edit spares them. */
function unreadIn(trail: TrailRead | 'none' | undefined, language: SentenceLanguage): readonly string[] {
  if (trail === 'none') return [editWords[language].noTrail]
  return trail?.since === undefined ? [] : [editWords[language].trailSince(trail.since)]
}

/** The most starts that no edit stops which are named with their paths. */
const mostLeftOut = 8

/** Why some starts are left out of the cuts. */
function* leftOutIn(all: readonly LeftOut[], language: SentenceLanguage): Generator<string> {
  const words = editWords[language]
  for (const { start, path } of all.slice(0, mostLeftOut))
    yield words.leftOut(shortArn(start.arn), stuckOf(path.steps, language))
  if (all.length > mostLeftOut)
    yield words.moreLeftOut(all.slice(mostLeftOut).map(({ start }) => shortArn(start.arn)))
}

/** Why nothing is cut: a path that no edit ends. */
function stuckOf(steps: readonly Step[], language: SentenceLanguage): string {
  const words = editWords[language]
  const [first] = steps
  if (first?.technique === 'administrator') return words.isAdministrator(shortArn(first.from))
  return words.unbreakable(steps.map((step) => [labelOfStep(step), shortArn(step.from)]))
}

function cutView(
  world: World,
  documents: Documents,
  { edits, cost, verdictAfter, missing }: Cut,
  language: SentenceLanguage,
): CutView {
  const all = edits.map(({ edit }) => edit)
  const context = contextOf(world, documents, all)
  return {
    cost,
    edits: edits.map((each) => editView(each, context, language)),
    verdictAfter,
    missing: missing.map((each) => factIn(each, language)),
    pathsAfter: 0,
    takesAway: all.flatMap((edit) => rowOf(edit).takesAway(edit, context)).slice(0, mostRows),
  }
}

function editView(
  { edit, cost, refused }: PricedEdit,
  context: EditContext,
  language: SentenceLanguage,
): EditView {
  const { world } = context
  const row = rowOf(edit)
  const before = row.before?.(edit, context)
  const after = row.after?.(edit, context)
  const last = refused
    .flatMap((call) => call.last ?? [])
    .sort()
    .at(-1)
  return {
    kind: edit.kind,
    text: sentenceOf(edit, context, language),
    ...(world.others === undefined ? {} : { account: accountOfEdit(edit) ?? world.account }),
    ...row.place(edit, context),
    cost,
    seen: {
      calls: refused.reduce((total, { calls }) => total + calls, 0),
      ...(last === undefined ? {} : { last }),
    },
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    calls: row.calls(edit, context),
  }
}

/** An edit as one sentence without a full stop: what its calls write, including a document that is deleted. */
export function sentenceOf(edit: Edit, context: EditContext, language: SentenceLanguage = 'en'): string {
  const sentence = rowOf(edit).sentence(edit, language, context)
  const account = context.world.others === undefined ? undefined : accountOfEdit(edit)
  return account === undefined ? sentence : editWords[language].inAccount(sentence, account)
}
