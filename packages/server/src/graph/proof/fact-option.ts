import type { Asked, Shape } from '@omen-iam/policy'
import type { FactBlock, Technique, TechniqueNeed } from '../../authorization/catalogue/index.ts'
import type { Actor } from '../request/actor.ts'
import type { NewTags } from '../request/new-tag-keys.ts'
import type { Questions } from '../request/question.ts'
import type { Binding } from '../request/request-keys.ts'
import type { Among, Known } from '../request/shape.ts'
import type { Group, Principal, Resource, Role } from '../world/world.ts'
import type { RecordName, RecordOf } from './records.ts'

/** A fact of the account that a step rests on. */
export interface FactUsed {
  readonly fact: string
  /** The sentence about its value, by its name among those of the fact or of all facts. */
  readonly says: string
  /** The values in the sentence. */
  readonly of?: Readonly<Record<string, string>>
  /** Where it is known from; `unknown`: a file is missing, or does not say it. */
  readonly known: 'details' | 'inventory' | 'unknown'
}

/** One way in which a fact holds: because it does, or because of further requests. */
export interface FactOption {
  readonly facts: readonly FactUsed[]
  readonly needs: readonly TechniqueNeed[]
  /** Requests of others: of a service, or of the role that is used. */
  readonly asked?: readonly Asked[]
  /** Further requests of the caller. */
  readonly askedWith?: (caller: Actor) => readonly Asked[]
  /** Existing resources that the needs name, by their types. */
  readonly resources?: ReadonlyMap<string, Resource>
  /** Condition keys that hold because of it; a value that begins with `new ` is the form of an ARN that is made. */
  readonly context?: Readonly<Record<string, string>>
  /** Tags of what is new. */
  readonly newTags?: NewTags
  /** The values that variables of ARNs must have: the region of an existing resource. */
  readonly fixed?: Known
  /** The sets that further variables must take their values from: the names of existing resources. */
  readonly among?: Among
}

/** The parts of a binding that facts may look at; they read everything else by name. */
export interface NamedBinding
  extends Pick<Binding, 'provider' | 'account' | 'stacksIn' | 'workload' | 'resources'> {
  readonly target?: Pick<Principal, 'arn' | 'type'> | undefined
  readonly group?: Pick<Group, 'arn'> | undefined
}

/** The question about a fact. */
export interface FactQuestion {
  readonly questions: Questions
  /** The block of the fact. */
  readonly block: FactBlock
  readonly technique: Technique
  readonly binding: NamedBinding
  readonly known: Known
  /** Reads something about what is bound, and notes that it was read. */
  readonly read: <Name extends RecordName>(name: Name) => RecordOf<Name>
  /** The starts of the ARNs that Allows of the actor for an action name. */
  readonly headsFor: (action: string) => readonly string[]
  /** Notes that the answer rests on a role which nothing that is bound names. */
  readonly noteAlone: () => void
  /** Requests by which the role that is the target reads a stream or a queue, or sends messages. */
  readonly asTarget: (actions: readonly string[], resource: string | Shape) => readonly Asked[]
  /** The requests of a call of the actor besides those of the row, as alternatives. */
  readonly ask: (need: TechniqueNeed) => readonly (readonly Asked[])[]
  /** The request that passes a further role to a service in a call, for a resource. */
  readonly passFor: (
    caller: Actor,
    role: Role,
    service: string,
    call: string,
    resource?: string | Shape,
  ) => Asked
  /** The requests of a need by which a role uses what the technique made, as alternatives. */
  readonly askAs: (role: Role, need: TechniqueNeed) => readonly (readonly Asked[])[]
  /** Whether some policy may allow an action to the actor at all. */
  readonly mayAsk: (action: string) => boolean
  /** The requests by which a role that a service runs as assumes the target. */
  readonly asAssumed: (role: Role) => readonly Asked[]
}

/** The one way in which a fact that is so holds. */
export function holds(
  fact: string,
  says: string,
  known: FactUsed['known'],
  of: Readonly<Record<string, string>> = {},
): readonly FactOption[] {
  return [{ facts: [{ fact, says, of, known }], needs: [] }]
}

/** A fact that no file says. */
export function unknown(
  fact: string,
  says: string,
  of: Readonly<Record<string, string>> = {},
): readonly FactOption[] {
  return holds(fact, says, 'unknown', of)
}

/** A fact that is not so. */
export const never: readonly FactOption[] = []

/** Nothing more. */
export const none: FactOption = { facts: [], needs: [] }

/** All ways in which several facts hold, one option of each. */
export function product(options: readonly (readonly FactOption[])[]): readonly FactOption[] {
  let all: readonly FactOption[] = [none]
  for (const each of options)
    all = all.flatMap((before) =>
      each.map((option) => ({
        facts: [...before.facts, ...option.facts],
        needs: [...before.needs, ...option.needs],
        asked: [...(before.asked ?? []), ...(option.asked ?? [])],
        ...askedWithBoth(before, option),
        ...resourcesOfBoth(before, option),
        ...(option.newTags === undefined ? {} : { newTags: option.newTags }),
        fixed: { ...before.fixed, ...option.fixed },
        among: { ...before.among, ...option.among },
        context: { ...before.context, ...option.context },
      })),
    )
  return all
}

function askedWithBoth(one: FactOption, other: FactOption): Pick<FactOption, 'askedWith'> {
  const all = [one.askedWith ?? [], other.askedWith ?? []].flat()
  return all.length === 0 ? {} : { askedWith: (caller) => all.flatMap((ask) => ask(caller)) }
}

function resourcesOfBoth(one: FactOption, other: FactOption): Pick<FactOption, 'resources'> {
  if (one.resources === undefined && other.resources === undefined) return {}
  return { resources: new Map([...(one.resources ?? []), ...(other.resources ?? [])]) }
}
