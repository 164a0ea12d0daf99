import { compile, type Policy } from '@omen-iam/policy'
import type { Technique, TechniqueTable } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import { furtherNeedsOf } from '../proof/fact-block.ts'
import type { Reads } from '../proof/records.ts'
import { requirementsOf } from '../request/binding.ts'
import { bringingCalls } from '../request/brought.ts'
import type { Variant } from '../request/variant.ts'
import { keptIn, valueIn } from '../world/lists.ts'
import type { Document } from '../world/world.ts'
import { furtherActionsOf } from './relevance.ts'

type Statement = Policy['statements'][number]

const numbers = new WeakMap<Statement, number>()
let last = 0

function numberOf(statement: Statement): number {
  return valueIn(numbers, statement, () => ++last)
}

/** The statements of single documents about an action, by what documents share. */
const ofDocuments = new WeakMap<Policy['statements'], Map<string, readonly number[]>>()

/** The numbers of the statements of a document about an action. */
export function numbersOf(document: Document, action: string): readonly number[] {
  return valueIn(valueIn(ofDocuments, document.policy.statements, newNumbers), action, () =>
    statementsOf(document, action).map(numberOf),
  )
}

/** The numbers of their conditions, whatever they are on; 0 for an Allow without conditions. */
function conditionalOf(document: Document, action: string): readonly number[] {
  return valueIn(valueIn(conditional, document.policy.statements, newNumbers), action, () =>
    statementsOf(document, action).flatMap((each) =>
      each.condition.length > 0
        ? textNumber(JSON.stringify(each.condition))
        : each.effect === 'Allow'
          ? 0
          : [],
    ),
  )
}

function statementsOf(document: Document, action: string): readonly Statement[] {
  const all = compile({ identity: [document] }).identity?.candidates(action).all ?? []
  return all.map(({ statement }) => statement)
}

const newNumbers = () => new Map<string, readonly number[]>()
const conditional = new WeakMap<Policy['statements'], Map<string, readonly number[]>>()

/**
 * The statements of an actor's policies about actions, as a text: equal texts mean equal answers for one principal. `isPart`:
 * whether which statements name the resource is said elsewhere.
 */
function textOf(
  { identity, policies }: Variant,
  actions: Iterable<string>,
  isPart: (action: string) => boolean = () => false,
): string {
  const { boundary, scp = [] } = policies
  const distinct = new Map(identity.map((document) => [document.policy.statements, document]))
  let text = ''
  for (const action of actions) {
    const all: number[] = []
    const of = isPart(action) ? conditionalOf : numbersOf
    for (const document of distinct.values()) for (const number of of(document, action)) all.push(number)
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
  return valueIn(known, action, () => {
    const all = new Set(layer.candidates(action).all.map(({ statement }) => numberOf(statement)))
    return [...all].sort((one, other) => one - other).join()
  })
}

const actionsOf = new WeakMap<Technique, ReadonlySet<string>>()
/** The calls of a technique and of its facts, and those that tag what they make. */
function actionsFor(technique: Technique, table: TechniqueTable): ReadonlySet<string> {
  return valueIn(actionsOf, technique, () => {
    const { facts, ways, passesTo } = technique
    const further = furtherNeedsOf(table, [...facts, ...ways.flatMap((way) => way.facts)])
    const passing = passesTo === undefined ? [] : ['iam:PassRole']
    const own = [...[...requirementsOf(technique), ...further].map(({ action }) => action), ...passing]
    const tagging = own.flatMap((action) => table.actions[action]?.tagging?.action ?? [])
    const assuming = furtherActionsOf(table).filter((action) => action.startsWith('sts:'))
    // A new role is assumed as well.
    return new Set([...own, ...tagging, ...(technique.effect === 'makesRole' ? assuming : [])])
  })
}

/** The calls that count for a technique: its own, those that say what a call brings, and those that its proofs have read. */
function callsRead(technique: Technique, table: TechniqueTable, reads: Reads): ReadonlySet<string> {
  return new Set([...actionsFor(technique, table), ...bringingCalls(), ...reads.calls])
}

/** The number of a text about what proofs have read, with how much they had read then. */
interface Said {
  readonly version: number
  readonly number: number
}

/** By what has been read: about all statements, and about those that count whatever a request names. */
const readings = {
  all: new WeakMap<Variant, Map<Reads, Said>>(),
  unnamed: new WeakMap<Variant, Map<Reads, Said>>(),
}

/**
 * The statements of an actor's policies about the calls that proofs of a technique have read, and about those whose conditions
 * say what a call of it brings. More calls may be read later. `unnamed`: of a call that is asked about on a part of the binding
 * alone, only whether there is an Allow, and the conditions; which statements name the part is not said.
 */
export function sayingOfRead(
  variant: Variant,
  technique: Technique,
  table: TechniqueTable,
  reads: Reads,
  which: keyof typeof readings = 'all',
): number {
  const known = valueIn(readings[which], variant, () => new Map<Reads, Said>())
  let said = known.get(reads)
  if (said === undefined || said.version !== reads.version) {
    const calls = callsRead(technique, table, reads)
    const isPart = (action: string): boolean =>
      which === 'unnamed' && reads.calls.has(action) && !reads.whole.has(action)
    said = { version: reads.version, number: textNumber(textOf(variant, calls, isPart)) }
    known.set(reads, said)
  }
  return said.number
}

const tagReadings = new WeakMap<Variant, Map<Reads, { readonly version: number; readonly reads: boolean }>>()

/** Whether a statement of an actor's policies about what the proofs of a technique have read compares tags of what a call names. */
export function readsTagsOfTarget(
  variant: Variant,
  technique: Technique,
  table: TechniqueTable,
  reads: Reads,
): boolean {
  const known = valueIn(tagReadings, variant, () => new Map())
  const found = known.get(reads)
  if (found?.version === reads.version) return found.reads
  const { identity, boundary, scp = [] } = variant.policies
  const calls = [...callsRead(technique, table, reads)]
  const isRead = [identity, boundary, ...scp].some((layer) =>
    calls.some((call) => layer?.candidates(call).all.some(({ statement }) => comparesTags(statement))),
  )
  known.set(reads, { version: reads.version, reads: isRead })
  return isRead
}

const comparesTags = perObject(({ condition, resource }: Statement): boolean =>
  /ResourceTag\//i.test(JSON.stringify([condition, resource])),
)

const texts = new Map<string, number>()
let lastText = 0

/** More texts than this have no number that is kept: the next equal one gets another. */
const mostTexts = 100_000

function textNumber(text: string): number {
  return keptIn(texts, text, mostTexts, () => ++lastText)
}
