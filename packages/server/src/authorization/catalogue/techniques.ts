import { readFileSync } from 'node:fs'
import { dataFile } from './pack.ts'
import type {
  CallBlock,
  EventSource,
  KeyBlock,
  ResourceBlock,
  ServiceBlock,
  VariableBlock,
} from './technique-blocks.ts'
import type { TechniqueEffect } from './technique-effects.ts'
import type { FactBlock, FactWords } from './technique-facts.ts'
import type { TechniqueNeed } from './technique-need.ts'

/** The relation to the target that a technique gives to the one who uses it. */
export type TechniqueRelation = 'become' | 'run' | 'act' | 'empower' | 'lift' | 'fixed' | 'read'

/** One way to complete a technique. */
export interface TechniqueWay {
  readonly needs: readonly TechniqueNeed[]
  readonly facts: readonly string[]
  /** When the power comes, if it is later than the row says. */
  readonly later?: string
}

/** A technique: requests that must be allowed, facts that must hold, and what they give. */
export interface Technique {
  /** For example `pass.lambda`; the family is the part before the dot. */
  readonly id: string
  readonly title: string
  readonly gives: TechniqueRelation
  /** The kind of principal that it is about, for people and for `user`, `role`. */
  readonly target: string
  /** `field`: in a published list; `documented`: AWS documents it; `derived`: follows from documentation, not tried. */
  readonly basis: 'field' | 'documented' | 'derived'
  readonly status: 'current' | 'retiring' | 'retired'
  readonly delay: string
  readonly effect: TechniqueEffect
  /** Where it begins, if that is not any principal of the account. */
  readonly from?: string
  readonly composedOf?: readonly string[]
  /** Values of iam:PassedToService of the role that is handed over. */
  readonly passesTo?: readonly string[]
  readonly trusts?: { readonly type: 'service' | 'federated'; readonly name: string }
  readonly workloads?: readonly string[]
  readonly needs: readonly TechniqueNeed[]
  /** One of these must hold; empty if nothing more is needed. */
  readonly ways: readonly TechniqueWay[]
  readonly facts: readonly string[]
  readonly sources: readonly string[]
  readonly note?: string
}

/** The resources on which an action is authorised: one request for each member of `on`. */
export interface TechniqueAction {
  readonly on: readonly (readonly TechniqueResource[])[]
  /** Condition keys that the request may have, apart from global ones. */
  readonly keys: readonly string[]
  /** The further request if it brings tags for a resource that it makes or changes. Absent: it brings none. */
  readonly tagging?: TechniqueTagging
}

/** The call that tags what another call makes. [GRD-36] */
export interface TechniqueTagging {
  /** Absent: the service asks for no further action. */
  readonly action?: string
  /** The condition key that holds the name of the call that makes it: `ec2:CreateAction`. */
  readonly created?: string
  /** Whether no documentation says that the action is asked for. */
  readonly isAssumed?: true
}

/** The actions that write tags on existing resources of a service, and those that take them away. */
export interface TechniqueTaggers {
  readonly write: readonly string[]
  readonly remove: readonly string[]
}

/** A type of resource, one of several that a request may name. */
export interface TechniqueResource {
  readonly type: string
  /** With `${Partition}`, `${Account}` and so on. */
  readonly arns: readonly string[]
  readonly keys: readonly string[]
}

/** The table of techniques, and of the actions that they need. */
export interface TechniqueTable {
  readonly actions: Readonly<Record<string, TechniqueAction>>
  /** The actions that change the tags of an existing resource, by the service of its ARN. [GRD-560] */
  readonly taggers: Readonly<Record<string, TechniqueTaggers | undefined>>
  /** By the name of the fact. `exists TYPE` and `is TYPE` (of the resource whose role is the target) are facts without a block. */
  readonly facts: Readonly<Record<string, FactBlock | undefined>>
  /** The actions that facts, event sources and calls ask for besides those of the rows, of the caller or of the role that is assumed. */
  readonly further: readonly string[]
  /**
   * Calls that only use or change what an earlier call of a technique has made or changed: they pass no role, and need not be
   * made by who made the first call. Another principal that the attacker holds may make them. [PSR-20]
   */
  readonly following: readonly string[]
  /** By the type. */
  readonly resources: Readonly<Record<string, ResourceBlock | undefined>>
  /** By the name of the service. */
  readonly services: Readonly<Record<string, ServiceBlock | undefined>>
  /** The event sources of functions, by their type. */
  readonly sources: Readonly<Record<string, EventSource>>
  /** By the action. */
  readonly calls: Readonly<Record<string, CallBlock | undefined>>
  /** The variables of ARNs that are not of letters, digits, _ and - alone. */
  readonly variables: Readonly<Record<string, VariableBlock | undefined>>
  /** Condition keys that the caller does not choose. */
  readonly keys: Readonly<Record<string, KeyBlock | undefined>>
  /** Sentences that several facts say. */
  readonly words: Readonly<Record<string, FactWords | undefined>>
  readonly techniques: readonly Technique[]
}

let table: TechniqueTable | undefined

/** The techniques of this release. Read once. */
export function techniqueTable(): TechniqueTable {
  // our own file, read whole by a test
  table ??= JSON.parse(readFileSync(dataFile('techniques.json'), 'utf8')) as TechniqueTable
  return table
}
