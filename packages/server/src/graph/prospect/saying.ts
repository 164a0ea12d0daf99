import { compile, type Policy } from '@omen-iam/policy'
import type { Technique } from '../../authorization/catalogue/index.ts'
import { furtherActions } from '../relevance/relevance.ts'
import { carriedName, requirementsOf } from '../request/binding.ts'
import { changeName } from '../request/change.ts'
import type { Variant } from '../request/person.ts'
import type { Actor } from '../request/trust-question.ts'
import { isChanging } from '../use/change-uses.ts'
import type { Document } from '../world/world.ts'

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

function numbersOf(document: Document, action: string): readonly number[] {
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

/** What the policies of an actor say about actions: those of equal names answer alike for the same principal. */
function sayingOf({ identity, policies }: Variant, actions: Iterable<string>): string {
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

/** What a boundary or a level of SCPs says about an action. */
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

const common = new WeakMap<Variant, number>()

/** What counts for every technique: equal numbers for what is equal. */
function commonOf(variant: Variant): number {
  return kept(common, variant, () => {
    const { tags, boundaryArn, sessionName, carried, isBoundByScps } = variant
    return JSON.stringify([tags, boundaryArn, sessionName, carriedName(carried), isBoundByScps])
  })
}

/** Of the actions that facts ask for, those that those of changes ask for. */
const ofChanges = furtherActions.filter((action) => action.startsWith('iam:') && action !== 'iam:PassRole')
const further = { change: new WeakMap<Variant, number>(), other: new WeakMap<Variant, number>() }

/** What the policies say about the actions that facts ask for: equal numbers for what is equal. */
function furtherOf(variant: Variant, technique: Technique): number {
  const [known, actions] = isChanging(technique)
    ? [further.change, ofChanges]
    : [further.other, furtherActions]
  return kept(known, variant, () => sayingOf(variant, actions))
}

const actionsOf = new WeakMap<Technique, ReadonlySet<string>>()

/** What the policies say about the actions of a technique. */
function ownOf(variant: Variant, technique: Technique): string {
  let actions = actionsOf.get(technique)
  if (actions === undefined) {
    actions = new Set(requirementsOf(technique).map(({ action }) => action))
    actionsOf.set(technique, actions)
  }
  return sayingOf(variant, actions)
}

const texts = new Map<string, number>()
let lastText = 0

/** More texts than this have no number that is kept: the next equal one gets another. */
const mostTexts = 100_000

function kept(known: WeakMap<Variant, number>, variant: Variant, find: () => string): number {
  let number = known.get(variant)
  if (number === undefined) {
    const text = find()
    number = texts.get(text)
    if (number === undefined) {
      if (texts.size >= mostTexts) texts.clear()
      number = ++lastText
      texts.set(text, number)
    }
    known.set(variant, number)
  }
  return number
}

/** What an actor has lost of its own: what of it can be given again depends on that. */
function takenBy({ applied }: Variant, technique: Technique): string {
  if (applied.length === 0 || !isChanging(technique)) return ''
  const lost = applied.filter(({ is }) => is === 'left' || is === 'without' || is === 'version')
  return lost.map(changeName).sort().join()
}

/** Facts that depend on what else the actor can do; and techniques that are made of others. */
const dependent: ReadonlySet<string> = new Set(['controlsInstance', 'profileWornByControlledInstance'])

/**
 * Uses that were looked for. One with more changes finds nothing that it did not find with fewer, if its policies say
 * the same about the technique.
 */
export class Tried {
  /** By what is held, by technique, by what the policies say: the changes with which uses were looked for. */
  readonly #known = new Map<string, Map<string, Map<string, (readonly string[])[]>>>()

  /** Whether the same was looked for with no other changes; if not, it is noted as looked for. */
  has(actor: Actor, held: string, technique: Technique, since: number): boolean {
    const { effect, facts, ways } = technique
    if (effect === 'makesUser' || effect === 'makesRole') return false
    if (facts.some((fact) => dependent.has(fact))) return false
    if (ways.some((way) => way.facts.some((fact) => dependent.has(fact)))) return false
    const { variant } = actor
    const saying = `${commonOf(variant)} ${takenBy(variant, technique)} ${furtherOf(variant, technique)} ${ownOf(variant, technique)}`
    const name = `${technique.id}\n${since}`
    let ofHeld = this.#known.get(held)
    if (ofHeld === undefined) {
      ofHeld = new Map()
      this.#known.set(held, ofHeld)
    }
    let known = ofHeld.get(name)
    if (known === undefined) {
      known = new Map()
      ofHeld.set(name, known)
    }
    const alike = known.get(saying)
    if (alike === undefined) known.set(saying, [variant.changes])
    else if (alike.some((less) => less.every((each) => variant.changes.includes(each)))) return true
    else alike.push(variant.changes)
    return false
  }

  /** Has everything of a principal looked for again. */
  forget(held: string): void {
    this.#known.delete(held)
  }
}
