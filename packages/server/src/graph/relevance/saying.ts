import { compile, type Policy } from '@omen-iam/policy'
import { kindOfEffect, type Technique, type TechniqueTable } from '../../authorization/catalogue/index.ts'
import { requirementsOf } from '../request/binding.ts'
import { bringingCalls } from '../request/brought.ts'
import type { Variant } from '../request/person.ts'
import type { Document } from '../world/world.ts'
import { furtherActionsOf } from './relevance.ts'
import { isAssuming } from './search-options.ts'

type Statement = Policy['statements'][number]

const numbers = new WeakMap<Statement, number>()
let last = 0

function numberOf(statement: Statement): number {
  let number = numbers.get(statement)
  if (number === undefined) {
    number = ++last
    numbers.set(statement, number)
  }
  return number
}

/** The statements of single documents about an action, by what documents share. */
const ofDocuments = new WeakMap<Policy['statements'], Map<string, readonly number[]>>()

/** The numbers of the statements of a document about an action. */
export function numbersOf(document: Document, action: string): readonly number[] {
  const { statements } = document.policy
  let known = ofDocuments.get(statements)
  if (known === undefined) {
    known = new Map()
    ofDocuments.set(statements, known)
  }
  let found = known.get(action)
  if (found === undefined) {
    const all = compile({ identity: [document] }).identity?.candidates(action).all ?? []
    found = all.map(({ statement }) => numberOf(statement))
    known.set(action, found)
  }
  return found
}

/** The statements of an actor's policies about actions, as a text: equal texts mean equal answers for one principal. */
function textOf({ identity, policies }: Variant, actions: Iterable<string>): string {
  const { boundary, scp = [] } = policies
  const distinct = new Map(identity.map((document) => [document.policy.statements, document]))
  let text = ''
  for (const action of actions) {
    const all: number[] = []
    for (const document of distinct.values())
      for (const number of numbersOf(document, action)) all.push(number)
    text += all.length < 2 ? all.join() : [...new Set(all)].sort((one, other) => one - other).join()
    for (const layer of [boundary, ...scp]) text += `;${limitOf(layer, action)}`
    text += '\n'
  }
  return text
}

type Limit = NonNullable<Variant['policies']['boundary']>

const ofLimits = new WeakMap<Limit, Map<string, string>>()

/** The statements of a boundary or a level of SCPs about an action. */
function limitOf(layer: Limit | undefined, action: string): string {
  if (layer === undefined) return ''
  let known = ofLimits.get(layer)
  if (known === undefined) {
    known = new Map()
    ofLimits.set(layer, known)
  }
  let text = known.get(action)
  if (text === undefined) {
    const all = new Set(layer.candidates(action).all.map(({ statement }) => numberOf(statement)))
    text = [...all].sort((one, other) => one - other).join()
    known.set(action, text)
  }
  return text
}

/** Which further actions count for a technique: those of sts, those of changes, or all but those of sts. */
type Kind = 'assume' | 'change' | 'give'

const isOfSts = (action: string): boolean => action.startsWith('sts:')

/** Of the actions that facts ask for, whether one counts for a kind. */
const counts: Readonly<Record<Kind, (action: string) => boolean>> = {
  assume: isOfSts,
  change: (action) => action.startsWith('iam:') && action !== 'iam:PassRole',
  give: (action) => !isOfSts(action),
}

function kindOf(technique: Technique): Kind {
  if (isAssuming(technique) || technique.effect === 'writesTrust') return 'assume'
  return kindOfEffect(technique.effect).is === 'session' ? 'give' : 'change'
}

const further: Readonly<Record<Kind, WeakMap<Variant, number>>> = {
  assume: new WeakMap(),
  change: new WeakMap(),
  give: new WeakMap(),
}

const actionsOf = new WeakMap<Technique, ReadonlySet<string>>()
const sayings = new WeakMap<Variant, Map<Technique, string>>()

/**
 * The statements of an actor's policies about the actions of a technique, and about those that its facts ask for. If it is equal
 * for two actors that are alike otherwise, the technique gives them the same.
 */
export function sayingOf(variant: Variant, technique: Technique, table: TechniqueTable): string {
  let known = sayings.get(variant)
  if (known === undefined) {
    known = new Map()
    sayings.set(variant, known)
  }
  let saying = known.get(technique)
  if (saying === undefined) {
    const actions = actionsFor(technique, table)
    const kind = kindOf(technique)
    const more = kept(further[kind], variant, () =>
      textOf(variant, furtherActionsOf(table).filter(counts[kind])),
    )
    saying = `${more} ${textNumber(textOf(variant, actions))}`
    known.set(technique, saying)
  }
  return saying
}

/** The calls of a technique, and those that tag what they make. */
function actionsFor(technique: Technique, table: TechniqueTable): ReadonlySet<string> {
  let actions = actionsOf.get(technique)
  if (actions === undefined) {
    const own = requirementsOf(technique).map(({ action }) => action)
    const tagging = own.flatMap((action) => table.actions[action]?.tagging?.action ?? [])
    const assuming = furtherActionsOf(table).filter(isOfSts)
    // A new role is assumed as well.
    actions = new Set([...own, ...tagging, ...(technique.effect === 'makesRole' ? assuming : [])])
    actionsOf.set(technique, actions)
  }
  return actions
}

/** The statements of an actor's policies about calls, with the number of these calls. */
interface Said {
  readonly calls: number
  readonly number: number
}

/** By what has been read. */
const readings = new WeakMap<Variant, Map<ReadonlySet<string>, Said>>()

/**
 * The statements of an actor's policies about the calls that proofs of a technique have read, and about those whose conditions
 * say what a call of it brings. More calls may be read later.
 */
export function sayingOfRead(
  variant: Variant,
  technique: Technique,
  table: TechniqueTable,
  read: ReadonlySet<string>,
): number {
  let known = readings.get(variant)
  if (known === undefined) {
    known = new Map()
    readings.set(variant, known)
  }
  let said = known.get(read)
  if (said === undefined || said.calls !== read.size) {
    const calls = new Set([...actionsFor(technique, table), ...bringingCalls(), ...read])
    said = { calls: read.size, number: textNumber(textOf(variant, calls)) }
    known.set(read, said)
  }
  return said.number
}

const texts = new Map<string, number>()
let lastText = 0

/** More texts than this have no number that is kept: the next equal one gets another. */
const mostTexts = 100_000

function textNumber(text: string): number {
  let number = texts.get(text)
  if (number === undefined) {
    if (texts.size >= mostTexts) texts.clear()
    number = ++lastText
    texts.set(text, number)
  }
  return number
}

/** The number of a text about an actor, found once. */
export function kept(known: WeakMap<Variant, number>, variant: Variant, find: () => string): number {
  let number = known.get(variant)
  if (number === undefined) {
    number = textNumber(find())
    known.set(variant, number)
  }
  return number
}
