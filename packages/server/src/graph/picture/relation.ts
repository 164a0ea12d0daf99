import type { Path } from '../graph.ts'
import { labelOfStep } from '../label.ts'
import type { Step } from '../proof/fact-graph.ts'
import { listIn } from '../world/lists.ts'
import { principalOf, type World, worldOfAccount } from '../world/world.ts'

/** How sure a relation is. */
export type RelationVerdict = 'proven' | 'conditional' | 'undecided' | 'blocked'

/** That one principal leads to another one, or to `administrator`. */
export interface Relation {
  readonly from: string
  readonly to: string
  readonly verdict: RelationVerdict
  /** Each way is the techniques that it needs, joined by ` + `. */
  readonly ways: readonly string[]
  /** The ways in AWS's words, as steps are named elsewhere. Ways with the same words are one. */
  readonly labels: readonly string[]
  /** Where a path begins that the relation is part of. */
  readonly start?: string
  /** The ARNs of others without whom it does not work: they make some of its calls. */
  readonly partners?: readonly string[]
}

/** A part of a path: a relation, its steps, and those before it. */
export interface Leg extends Relation {
  readonly steps: readonly Step[]
  readonly before: readonly Step[]
}

/** The goal that has no ARN. */
export const goal = 'administrator'

/** The way from a principal to the goal that it has once an earlier step has changed its policies. */
export const afterChange = 'administrator after a change'

const ranks: Readonly<Record<RelationVerdict, number>> = {
  proven: 0,
  conditional: 1,
  undecided: 2,
  blocked: 3,
}

/** The relations between principals that a path consists of. */
export function relationsOf(world: World, path: Path): readonly Relation[] {
  const start = path.steps[0]?.from
  return legsOf(world, path).map(({ from, to, verdict, ways, labels, steps }) => {
    const helpers = steps.flatMap((step) => step.helpers ?? []).map((helper) => helper.from)
    const partners = [...new Set(helpers)].filter((arn) => arn !== from)
    return {
      ...{ from, to, verdict, ways, labels },
      ...(start === undefined ? {} : { start }),
      ...(partners.length === 0 ? {} : { partners }),
    }
  })
}

/**
 * The parts of a path, each with its steps. A step that changes a policy or a group is part of the next relation that it
 * makes possible.
 */
export function legsOf(world: World, { steps }: Path): readonly Leg[] {
  const found: Leg[] = []
  const prepared = new Map<string, Step[]>()
  /** `by` is the way to the goal, which is no technique. */
  const add = (place: number, to: string, by?: string): void => {
    const step = steps[place]
    if (step === undefined) return
    const earlier = prepared.get(step.from) ?? []
    prepared.delete(step.from)
    const own = [...earlier, step]
    const taken = step.technique === goal ? earlier : own
    const wayOf = (word: (each: Step) => string): string =>
      by ?? (taken.length === 0 ? goal : taken.map(word).join(' + '))
    found.push({
      from: step.from,
      to,
      verdict: own.map(({ verdict }) => verdict).reduce(worse),
      ways: [wayOf(({ technique }) => technique)],
      labels: [wayOf(labelOfStep)],
      steps: own,
      before: steps.slice(0, place).filter((each) => !own.includes(each)),
    })
  }
  for (const [place, step] of steps.entries()) {
    const { technique, from, to } = step
    if (technique === goal) {
      const isChanged = steps.slice(0, place).some((each) => changes(world, each, from))
      add(place, goal, isChanged && !prepared.has(from) ? afterChange : undefined)
      continue
    }
    const next = isPrincipal(world, to) && to !== from ? to : holderOf(world, to, steps.slice(place + 1))
    if (next !== undefined && next !== from) add(place, next)
    else listIn(prepared, from).push(step)
  }
  return found
}

/** Relations with the same ends as one: the surest verdict, and all ways. */
export function joined(relations: Iterable<Relation>): readonly Relation[] {
  const all = new Map<string, Relation>()
  for (const relation of relations) {
    const key = `${relation.from}\n${relation.to}`
    const before = all.get(key)
    if (before === undefined || ranks[relation.verdict] < ranks[before.verdict]) all.set(key, relation)
    else if (before.verdict === relation.verdict) {
      // What a principal does by itself is shown best by its own path.
      const { start = before.start } = relation.start === relation.from ? relation : before
      const ways = [...new Set([...before.ways, ...relation.ways])]
      const labels = [...new Set([...before.labels, ...relation.labels])]
      const { partners: _, ...rest } = before
      const partners = relation.partners === undefined ? undefined : before.partners
      all.set(key, {
        ...rest,
        ways,
        labels,
        ...(start === undefined ? {} : { start }),
        ...(partners === undefined ? {} : { partners }),
      })
    }
  }
  return [...all.values()]
}

/** The principal of a later step that has the policy, or is in the group, that a step changes. */
function holderOf(world: World, changed: string, later: Path['steps']): string | undefined {
  for (const { from } of later) if (has(world, from, changed)) return from
  return undefined
}

/** Whether a step changes the policies of a principal: its own, or those that it has. */
function changes(world: World, { to, gives }: Path['steps'][number], arn: string): boolean {
  return (gives === 'empower' || gives === 'lift') && (to === arn || has(world, arn, to))
}

function has(world: World, arn: string, changed: string): boolean {
  const principal = principalOf(world, arn)
  if (principal === undefined) return false
  const { groups } = worldOfAccount(world, principal.account) ?? world
  if (principal.attached.includes(changed) || principal.boundary === changed) return true
  if (principal.type !== 'user') return false
  return principal.groups.some((name) => {
    const group = groups.get(name)
    return group !== undefined && (group.arn === changed || group.attached.includes(changed))
  })
}

function isPrincipal(world: World, arn: string): boolean {
  return principalOf(world, arn) !== undefined || kindOfArn(arn) !== undefined
}

/** The kind of a principal that is neither a user nor a role of the account; undefined if the text names no principal. */
export function kindOfArn(arn: string): 'federated' | 'service' | 'account' | 'user' | 'role' | undefined {
  if (/:(?:oidc|saml)-provider\//.test(arn)) return 'federated'
  if (/^[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?$/.test(arn)) return 'service'
  if (arn === '*' || /^arn:[^:]*:iam::\d*:root$/.test(arn)) return 'account'
  return /^arn:[^:]*:iam::\d+:(user|role)\/[^ ]+$/.exec(arn)?.[1] as 'user' | 'role' | undefined // the two groups
}

function worse(one: RelationVerdict, other: RelationVerdict): RelationVerdict {
  return ranks[one] >= ranks[other] ? one : other
}
