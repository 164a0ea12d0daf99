import { difference, type Policy, parsePolicy } from '@omen-iam/policy'
import { titleOf } from '../describe.ts'
import { problemIn } from '../fact-words.ts'
import { labelOf } from '../label.ts'
import { shortName } from '../picture/picture.ts'
import type { Incomplete } from '../proof/budget.ts'
import type { Step } from '../proof/fact-graph.ts'
import type { Verdict } from '../reach.ts'
import { editWords, type SentenceLanguage, titleIn } from '../sentences.ts'
import { accountOfArn, accountsIn, type World, worldOfAccount } from '../world/world.ts'
import { callsOf, type EditCall, textOf } from './calls.ts'
import type { Cut, CutAnswer, PricedEdit } from './cut.ts'
import { Documents, type PlacedDocument } from './documents.ts'
import { accountOfEdit, type DocumentName, documentName, type Edit } from './edit.ts'

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
  /** In the dump, if the policy is written out in it; else in the policy's own text. */
  readonly line?: number
  readonly column?: number
  readonly cost: number
  /** Calls of the trail that the edit would refuse. */
  readonly seen: { readonly calls: number; readonly last?: string }
  readonly before?: string
  readonly after?: string
  readonly calls: readonly EditCall[]
}

/** What a cut takes away, the paths included. */
export interface TakenAway {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly policy?: string
}

/** A cut, ready for JSON. */
export interface CutView {
  readonly cost: number
  readonly edits: readonly EditView[]
  readonly verdictAfter: Verdict
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
    cuts: answer.cuts.map((cut) => cutView(world, documents, cut, language)),
    isMinimal: answer.isMinimal,
    lowerBound: Number.isFinite(answer.lowerBound) ? answer.lowerBound : 0,
    problems: [
      ...world.problems.map((each) => problemIn(each, language)),
      ...(stuck === undefined ? [] : [stuck]),
    ],
    ...(answer.incomplete === undefined ? {} : { incomplete: answer.incomplete }),
  }
}

/** Why nothing is cut: a path that no edit ends. */
function stuckOf(steps: readonly Step[], language: SentenceLanguage): string {
  const words = editWords[language]
  const [first] = steps
  if (first?.technique === 'administrator') return words.isAdministrator(shortName(first.from))
  return words.unbreakable(steps.map(({ technique, from }) => [labelOf(technique), shortName(from)]))
}

function cutView(
  world: World,
  documents: Documents,
  { edits, cost, verdictAfter, pathsAfter }: Cut,
  language: SentenceLanguage,
): CutView {
  const all = edits.map(({ edit }) => edit)
  return {
    cost,
    edits: edits.map((each) => editView(world, documents, each, all, language)),
    verdictAfter,
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
  const { before, after } = textOf(edit, all, world, documents)
  const last = refused
    .flatMap((call) => call.last ?? [])
    .sort()
    .at(-1)
  return {
    kind: edit.kind,
    text: sentenceOf(edit, world, documents, language),
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
): { readonly line: number; readonly column: number } {
  const statement = policy.statements[edit.statement]
  const located = statement === undefined ? undefined : locatedOf(edit, statement)
  const { line, column } = (located ?? statement ?? policy.statements[0])?.span.start ?? {
    line: 1,
    column: 1,
  }
  const origin = world.origin(policy)
  if (origin === undefined) return { line, column }
  return line === 1
    ? { line: origin.line, column: origin.column + column - 1 }
    : { line: origin.line + line - 1, column }
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

/** What an edit does, as one sentence without an end. */
export function sentenceOf(
  edit: Edit,
  world: World,
  documents: Documents = new Documents(world),
  language: SentenceLanguage = 'en',
): string {
  const account = world.others === undefined ? undefined : accountOfEdit(edit)
  const sentence = ownSentence(edit, world, documents, language)
  return account === undefined ? sentence : editWords[language].inAccount(sentence, account)
}

function ownSentence(edit: Edit, world: World, documents: Documents, language: SentenceLanguage): string {
  const words = editWords[language]
  const place = 'document' in edit ? placeOf(edit, world, documents) : undefined
  const title = titleIn(place?.policy ?? '', language)
  const at = place?.line === undefined ? title : `${title}:${place.line}:${place.column}`
  switch (edit.kind) {
    case 'remove-action':
      return words.removeActions(listed(edit.values), at)
    case 'remove-resource':
      return words.removeResources(listed(edit.values), at)
    case 'trust':
    case 'resource-policy':
      return words.removePrincipals(listed(edit.values.map(({ value }) => value)), at)
    case 'condition': {
      const left = edit.services.filter((service) => service !== edit.service)
      return words.passOnlyTo(JSON.stringify(left.length === 1 ? left[0] : left), at)
    }
    case 'narrow': {
      const left = edit.roles.filter((role) => role !== edit.role).map(shortName)
      const named = left.length <= 3 ? listed(left) : words.otherRoles(left.length)
      return words.nameRoles(named, listed(edit.values), at, shortName(edit.role))
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
  }
}

function ownWorld(world: World, arn: string): World {
  return worldOfAccount(world, accountOfArn(arn)) ?? world
}

function listed(values: readonly string[]): string {
  return values.join(', ')
}

/** What the principals of the account may do before the edits and not after them, by the policies that change. */
function takenAway(world: World, documents: Documents, edits: readonly Edit[]): readonly TakenAway[] {
  const rows: TakenAway[] = []
  const done = new Set<string>()
  for (const edit of edits) {
    const { before, after } = textOf(edit, edits, world, documents)
    switch (edit.kind) {
      case 'deny':
        rows.push({ principal: edit.principal, action: edit.action, resource: edit.resource })
        break
      case 'scp':
        rows.push({
          principal: `every principal of ${edit.account ?? world.account}`,
          action: edit.action,
          resource: edit.resource,
        })
        break
      case 'boundary':
        break
      case 'detach': {
        const policy = ownWorld(world, edit.owner).policies.get(edit.policy)
        const document = policy?.versions.get(policy.defaultVersion)
        if (document !== undefined) rows.push(...lost(document.policy, undefined, edit.owner, edit.policy))
        break
      }
      case 'leave-group': {
        const own = ownWorld(world, edit.user)
        const group = own.groups.get(edit.group)
        for (const document of group?.inline ?? [])
          rows.push(...lost(document.policy, undefined, edit.user, group?.arn))
        for (const arn of group?.attached ?? []) {
          const policy = own.policies.get(arn)
          const document = policy?.versions.get(policy.defaultVersion)
          if (document !== undefined) rows.push(...lost(document.policy, undefined, edit.user, arn))
        }
        break
      }
      default: {
        const placed = documents.named(edit.document)
        const name = documentName(edit.document)
        if (placed === undefined || before === undefined || done.has(name)) break
        done.add(name)
        const { kind } = placed.document.policy
        const parsed = after === undefined ? undefined : parsePolicy(after, kind, { lenient: true })
        const left = parsed?.ok === true ? parsed.policy : undefined
        for (const holder of holdersOf(edit.document, world))
          rows.push(...lost(placed.document.policy, left, holder, titleOf(placed.document.source)))
      }
    }
  }
  return rows
}

function lost(
  before: Policy,
  after: Policy | undefined,
  principal: string,
  policy: string | undefined,
): readonly TakenAway[] {
  const nothing = parsePolicy(emptyText(before), before.kind, { lenient: true })
  const left = after ?? (nothing.ok ? nothing.policy : undefined)
  if (left === undefined) return []
  return difference(left, before).flatMap(({ actions, resources, principals, statement }) => {
    if (statement.effect !== 'Allow') return []
    const who = principals?.map(({ value }) => value) ?? [principal]
    return who.flatMap((each) =>
      actions.flatMap((action) =>
        (resources ?? [principal]).map((resource) => ({
          principal: each,
          action,
          resource,
          ...(policy === undefined ? {} : { policy }),
        })),
      ),
    )
  })
}

/** A policy of the same kind that allows nothing. */
function emptyText({ kind }: Policy): string {
  const Principal = kind === 'identity' ? {} : { Principal: '*' }
  const Resource = kind === 'trust' ? {} : { Resource: '*' }
  const Action = kind === 'trust' ? 'sts:AssumeRole' : 'none:null'
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', ...Principal, Action, ...Resource }],
  })
}

/** Those that have a document: its owner, or everyone that a managed policy is attached to. */
function holdersOf(document: DocumentName, world: World): readonly string[] {
  if (document.is === 'inline') return [document.owner]
  if (document.is === 'trust') return [document.role]
  if (document.is === 'resource') return [document.arn]
  return accountsIn(world)
    .flatMap(({ users, roles, groups }) => [...users.values(), ...roles.values(), ...groups.values()])
    .filter(({ attached }) => attached.includes(document.arn))
    .map(({ arn }) => arn)
}
