import type { Technique } from '../../authorization/catalogue/index.ts'
import { furtherActionsOf } from '../relevance/relevance.ts'
import { numbersOf } from '../relevance/saying.ts'
import { isAssuming, isUsable, lowered } from '../relevance/search-options.ts'
import type { Shared } from '../relevance/shared.ts'
import { requirementsOf } from '../request/binding.ts'
import type { Change } from '../request/change.ts'
import type { Variant } from '../request/person.ts'
import type { Actor } from '../request/trust-question.ts'
import { type Document, type Group, hasDeny, type ManagedPolicy } from '../world/world.ts'

/** The use of changes that give a principal groups or policies. */
export interface Use {
  /** The changes that may give something only together with others of them. */
  readonly joint: ReadonlySet<Change>
  /** The changes that give something at all within the limits of the principal. */
  readonly useful: ReadonlySet<Change>
}

/** An action that a technique may ask for, and what it asks it of. */
interface Item {
  readonly action: string
  readonly of: string
}

const known = new WeakMap<Technique, readonly Item[]>()

/** The actions that a technique may ask for, in any request and for any fact. */
function itemsOf(technique: Technique, { table }: Pick<Shared, 'table'>): readonly Item[] {
  let items = known.get(technique)
  if (items === undefined) {
    items = readItems(technique, table)
    known.set(technique, items)
  }
  return items
}

function readItems(technique: Technique, table: Shared['table']): readonly Item[] {
  const { facts, ways, passesTo, effect } = technique
  const found = new Map<string, Item>()
  const add = (action: string, of: string): void => {
    found.set(`${action} ${of}`, { action, of })
  }
  for (const { action, on } of requirementsOf(technique)) {
    const of = 'type' in on ? `${on.is} ${on.type}` : on.is
    add(action, of)
    const tagging = table.actions[action]?.tagging?.action
    if (tagging !== undefined) add(tagging, of)
  }
  if (passesTo !== undefined) add('iam:PassRole', 'target')
  const furtherActions = furtherActionsOf(table)
  const isOfSts = (action: string): boolean => action.startsWith('sts:')
  if (isAssuming(technique) || effect === 'writesTrust')
    for (const action of furtherActions.filter(isOfSts)) add(action, 'target')
  const open = [...facts, ...ways.flatMap((way) => way.facts)].filter((fact) => fact !== 'notServiceLinked')
  if (open.length > 0)
    for (const action of furtherActions) if (!isOfSts(action)) add(action, 'what a fact asks for')
  return [...found.values()]
}

/** The group or the policy that a change brings. */
function broughtBy({ world }: Shared, change: Change): Group | ManagedPolicy | undefined {
  if (change.is === 'joined') return world.groups.get(change.group)
  return change.is === 'attached' ? world.policies.get(change.policy) : undefined
}

function actionsOf({ classes }: Shared, documents: readonly Document[]): ReadonlySet<string> {
  return new Set(classes.relevance.said(documents).grants.flatMap((each) => [...each.keys()]))
}

/**
 * The use of changes that give a principal more groups or policies than it may have at once. Two of them are
 * needed together only if a technique asks for actions of which one allows the one and another the other: not if each
 * that allows one of these actions allows all of them, by the same statements, on the same.
 */
export function useOf(
  shared: Shared,
  plain: Variant,
  techniques: readonly Technique[],
  given: readonly Change[],
  others: readonly Change[],
): Use {
  const joint = new Set<Change>()
  const useful = new Set<Change>()
  const isLimited = others.every(
    ({ is, arn }) => is !== 'boundary' && is !== 'unbound' && arn !== plain.boundaryArn,
  )
  const actor: Actor = { variant: plain, form: 'key' }
  const isBarred = (technique: Technique): boolean =>
    isLimited &&
    (isAssuming(technique) ? shared.abilities.isShutIn(actor) : shared.abilities.isBarred(actor, technique))
  const base = new Set(plain.identity.map(({ policy }) => policy.statements))
  const entries = given.map((change) => {
    const each = broughtBy(shared, change)
    const documents = (each === undefined ? [] : shared.documentsOf(each)).filter(
      ({ policy }) => !base.has(policy.statements),
    )
    const more = each === undefined ? [] : [each.arn, ...('attached' in each ? each.attached : [])]
    const isOpen =
      others.some(({ arn }) => more.includes(arn)) ||
      documents.some(
        (document) => hasDeny(document.policy.text) || shared.classes.relevance.of(document).allowsAnything,
      )
    return { change, documents, isOpen, actions: actionsOf(shared, documents) }
  })
  for (const { change, isOpen } of entries)
    if (isOpen) {
      joint.add(change)
      useful.add(change)
    }
  const allowed = new Set([
    ...actionsOf(shared, plain.identity),
    ...entries.flatMap(({ actions }) => [...actions]),
  ])
  for (const technique of techniques) {
    if (!isUsable(technique, allowed) || isBarred(technique)) continue
    const items = itemsOf(technique, shared)
    const givers = entries.flatMap(({ change, documents, actions }) => {
      const own = items.filter(({ action }) => actions.has(lowered(action)))
      return own.length === 0 ? [] : [{ change, documents, own }]
    })
    for (const { change } of givers) useful.add(change)
    if (givers.length < 2) continue
    const all = new Set(givers.flatMap(({ own }) => own))
    const isOfOne = new Set([...all].map(({ of }) => of)).size === 1
    const isUniform = ({ documents }: { readonly documents: readonly Document[] }): boolean =>
      new Set([...all].map(({ action }) => documents.flatMap((each) => numbersOf(each, action)).join()))
        .size === 1
    if (isOfOne && givers.every(isUniform)) continue
    for (const { change } of givers) joint.add(change)
  }
  return { joint, useful }
}
