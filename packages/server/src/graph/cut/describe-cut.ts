import type { Policy } from '@omen-iam/policy'
import { type FactView, factIn, placeText, titleOf } from '../describe.ts'
import { problemIn } from '../fact-words.ts'
import { labelOfStep } from '../label.ts'
import { shortName } from '../picture/picture.ts'
import type { Incomplete } from '../proof/budget.ts'
import type { Step } from '../proof/fact-graph.ts'
import type { Verdict } from '../reach.ts'
import { editWords, type SentenceLanguage, titleIn } from '../sentences.ts'
import { type PolicyPlace, placeIn, type World } from '../world/world.ts'
import { callsOf, type EditCall, goneWith, textOf, writtenText } from './calls.ts'
import type { Cut, CutAnswer, LeftOut, PricedEdit } from './cut-types.ts'
import { Documents, type PlacedDocument } from './documents.ts'
import { accountOfEdit, type DocumentName, documentName, type Edit } from './edit.ts'
import { type TakenAway, takenAway } from './taken-away.ts'

/** An edit, ready for JSON. */
export interface EditView {
  readonly kind: string
  /** One sentence. */
  readonly text: string
  /** The account in which the edit is made, if several are in view. */
  readonly account?: string
  readonly policy: string
  readonly layer?: string
  readonly arn?: string
  readonly owner?: string
  /** In the file in which the policy is written; else in the policy's own text. */
  readonly line?: number
  readonly column?: number
  readonly file?: string
  readonly resource?: string
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

/** An answer in the form that `--output json` prints and the API returns. */
export function cutAnswerView(
  world: World,
  answer: CutAnswer,
  from: string | undefined,
  to: string | undefined,
  language: SentenceLanguage = 'en',
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
      ...world.problems.map((each) => problemIn(each, language)),
      ...(stuck === undefined ? [] : [stuck]),
      ...leftOutIn(answer.leftOut, language),
    ],
    ...(answer.incomplete === undefined ? {} : { incomplete: answer.incomplete }),
  }
}

/** The most starts that no edit stops which are named with their paths. */
const mostLeftOut = 8

/** Why some starts are left out of the cuts. */
function* leftOutIn(all: readonly LeftOut[], language: SentenceLanguage): Generator<string> {
  const words = editWords[language]
  for (const { start, path } of all.slice(0, mostLeftOut))
    yield words.leftOut(shortName(start.arn), stuckOf(path.steps, language))
  if (all.length > mostLeftOut)
    yield words.moreLeftOut(all.slice(mostLeftOut).map(({ start }) => shortName(start.arn)))
}

/** Why nothing is cut: a path that no edit ends. */
function stuckOf(steps: readonly Step[], language: SentenceLanguage): string {
  const words = editWords[language]
  const [first] = steps
  if (first?.technique === 'administrator') return words.isAdministrator(shortName(first.from))
  return words.unbreakable(steps.map((step) => [labelOfStep(step), shortName(step.from)]))
}

function cutView(
  world: World,
  documents: Documents,
  { edits, cost, verdictAfter, missing, pathsAfter }: Cut,
  language: SentenceLanguage,
): CutView {
  const all = edits.map(({ edit }) => edit)
  return {
    cost,
    edits: edits.map((each) => editView(world, documents, each, all, language)),
    verdictAfter,
    missing: missing.map((each) => factIn(each, language)),
    pathsAfter,
    takesAway: takenAway(world, documents, all).slice(0, mostRows),
  }
}

function editView(
  world: World,
  documents: Documents,
  { edit, cost, refused }: PricedEdit,
  all: readonly Edit[],
  language: SentenceLanguage,
): EditView {
  const { before, after: left } = textOf(edit, all, world, documents)
  const after = 'document' in edit ? writtenText(edit.document, left) : left
  const last = refused
    .flatMap((call) => call.last ?? [])
    .sort()
    .at(-1)
  return {
    kind: edit.kind,
    text: sentenceOf(edit, world, { documents, language, edits: all }),
    ...(world.others === undefined ? {} : { account: accountOfEdit(edit) ?? world.account }),
    ...placeOf(edit, world, documents),
    cost,
    seen: {
      calls: refused.reduce((total, { calls }) => total + calls, 0),
      ...(last === undefined ? {} : { last }),
    },
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    calls: callsOf(edit, all, world, documents),
  }
}

type Place = Pick<EditView, 'policy' | 'layer' | 'arn' | 'owner' | 'line' | 'column'>

function placeOf(edit: Edit, world: World, documents: Documents): Place {
  switch (edit.kind) {
    case 'deny':
      return { policy: `a policy of ${shortName(edit.principal)}`, layer: 'identity', owner: edit.principal }
    case 'boundary':
      return { policy: `boundary of ${shortName(edit.principal)}`, layer: 'boundary', owner: edit.principal }
    case 'scp':
      return { policy: `SCP of ${edit.account ?? world.account}`, layer: 'scp' }
    case 'detach':
      return { policy: shortName(edit.policy), layer: 'identity', arn: edit.policy, owner: edit.owner }
    case 'leave-group':
      return { policy: `group/${edit.group}`, layer: 'identity', owner: edit.user }
    case 'leave-directory-group':
      return { policy: `center/group/${edit.group}`, owner: edit.user }
    case 'unlend':
      return { policy: shortName(edit.role), arn: edit.role, owner: edit.holder }
    default: {
      const placed = documents.named(edit.document)
      const { document } = edit
      const named = {
        layer: document.is === 'trust' || document.is === 'resource' ? 'resource' : 'identity',
        ...(document.is === 'managed' || document.is === 'resource' ? { arn: document.arn } : {}),
        ...(document.is === 'inline' ? { owner: document.owner } : {}),
        ...(document.is === 'trust' ? { owner: document.role } : {}),
      }
      if (placed === undefined) return { policy: documentName(document), ...named }
      return { policy: titleOf(placed.document.source), ...named, ...positionOf(edit, world, placed) }
    }
  }
}

/** Where the first value is that an edit is about. */
function positionOf(
  edit: Extract<Edit, { document: DocumentName }>,
  world: World,
  { document: { policy } }: PlacedDocument,
): PolicyPlace {
  const statement = policy.statements[edit.statement] ?? policy.statements[0]
  const located = statement === undefined ? undefined : locatedOf(edit, statement)
  const position = (located ?? statement)?.span.start ?? { line: 1, column: 1 }
  const { account: _, ...place } = placeIn(world, policy, statement?.index ?? 0, position)
  return place
}

function locatedOf(
  edit: Extract<Edit, { document: DocumentName }>,
  { action, resource, principal }: Policy['statements'][number],
) {
  switch (edit.kind) {
    case 'remove-action':
      return action.values.find(({ value }) => edit.values.includes(value))
    case 'narrow':
    case 'remove-resource':
      return resource?.values.find(({ value }) => edit.values.includes(value))
    case 'trust':
    case 'resource-policy':
      return principal?.entries.find((entry) => edit.values.some(({ value }) => value === entry.value))
    case 'condition':
      return action.values.find(({ value }) => value.toLowerCase() === 'iam:passrole')
  }
}

/** The facts that a sentence about an edit takes into account. */
interface SentenceOptions {
  readonly documents?: Documents
  readonly language?: SentenceLanguage | undefined
  /** All edits of the cut: what is written depends on them together. */
  readonly edits?: readonly Edit[]
}

/** An edit as one sentence without a full stop: what its calls write, including a document that is deleted. */
export function sentenceOf(
  edit: Edit,
  world: World,
  { documents = new Documents(world), language = 'en', edits = [edit] }: SentenceOptions = {},
): string {
  const account = world.others === undefined ? undefined : accountOfEdit(edit)
  const own = ownSentence(edit, world, documents, language, edits)
  const sentence = 'document' in edit ? `${own}${goneText(edit, edits, documents, language)}` : own
  return account === undefined ? sentence : editWords[language].inAccount(sentence, account)
}

type DocumentEdit = Extract<Edit, { document: DocumentName }>

function goneText(
  edit: DocumentEdit,
  edits: readonly Edit[],
  documents: Documents,
  language: SentenceLanguage,
): string {
  const gone = goneWith(edit, edits, documents)
  if (gone === undefined) return ''
  return editWords[language].gone[gone === 'document' ? edit.document.is : gone]
}

function ownSentence(
  edit: Edit,
  world: World,
  documents: Documents,
  language: SentenceLanguage,
  edits: readonly Edit[],
): string {
  const words = editWords[language]
  const place = 'document' in edit ? placeOf(edit, world, documents) : undefined
  const title = titleIn(place?.policy ?? '', language)
  const { line, column } = place ?? {}
  const at =
    line === undefined || column === undefined ? title : placeText({ ...place, policy: title, line, column })
  switch (edit.kind) {
    case 'remove-action':
      return words.removeActions(listed(edit.values), at)
    case 'remove-resource':
      return words.removeResources(listed(edit.values), at)
    case 'trust':
    case 'resource-policy':
      return words.removePrincipals(listed(edit.values.map(({ value }) => value)), at)
    case 'condition': {
      const away = besides(edit, edits).map(({ service }) => service)
      const left = edit.services.filter((service) => !away.includes(service))
      if (left.length === 0) return words.removeActions('iam:PassRole', at)
      return words.passOnlyTo(JSON.stringify(left.length === 1 ? left[0] : left), at)
    }
    case 'narrow': {
      const away = besides(edit, edits).map(({ role }) => role)
      const left = edit.roles.filter((role) => !away.includes(role)).map(shortName)
      if (left.length === 0) return words.removeResources(listed(edit.values), at)
      const named = left.length <= 3 ? listed(left) : words.otherRoles(left.length)
      return words.nameRoles(named, listed(edit.values), at, listed(away.map(shortName)))
    }
    case 'deny':
      return words.deny(edit.action, shortName(edit.resource), shortName(edit.principal))
    case 'scp':
      return words.denyByScp(edit.action, shortName(edit.resource))
    case 'boundary':
      return words.boundary(shortName(edit.principal))
    case 'detach':
      return words.detach(shortName(edit.policy), shortName(edit.owner))
    case 'leave-group':
      return words.leaveGroup(shortName(edit.user), edit.group)
    case 'leave-directory-group':
      return words.leaveDirectoryGroup(edit.user.slice('center/'.length), edit.group)
    case 'unlend': {
      const [kind = '', ...rest] = edit.holder.split('/')
      return words.unlend(kind, rest.join('/'), shortName(edit.role), setIn(edit.role))
    }
  }
}

/** The permission set that a role is of, by its name, and the account that has the role. */
function setIn(role: string) {
  const name = role.slice(role.lastIndexOf('/') + 1)
  const set = /^AWSReservedSSO_(.+)_(?:[0-9a-f]{16}|\*)$/.exec(name)?.[1] ?? shortName(role)
  return { set: set ?? shortName(role), account: role.split(':')[4] ?? '', isSet: set !== undefined }
}

/** The edits of a cut that change a statement in the same way: they are written together. */
function besides<Each extends DocumentEdit>(edit: Each, edits: readonly Edit[]): readonly Each[] {
  const name = documentName(edit.document)
  return edits.filter(
    (each): each is Each =>
      each.kind === edit.kind &&
      'document' in each &&
      each.statement === edit.statement &&
      documentName(each.document) === name,
  )
}

function listed(values: readonly string[]): string {
  return values.join(', ')
}
