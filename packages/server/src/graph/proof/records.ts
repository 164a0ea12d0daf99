import type { Technique } from '../../authorization/catalogue/index.ts'
import type { Actor } from '../request/actor.ts'
import type { Questions } from '../request/question.ts'
import type { Binding } from '../request/request-keys.ts'
import { listIn, setIn } from '../world/lists.ts'
import type { Resource } from '../world/world.ts'

/** The things that a technique is bound to, and the sources of further facts about them. */
export interface Bound {
  readonly questions: Questions
  readonly actor: Actor
  readonly technique: Technique
  readonly binding: Binding
  /** Whether the actor can run code on an instance. */
  readonly controls: (actor: Actor, instance: Resource) => 'yes' | 'no' | 'unknown'
}

/** Quotas of IAM, and how many policies a user or a role may have if AWS has raised its quota. */
export const quota = { groups: 10, attached: 10, attachedMost: 20 }

/**
 * The questions of facts about a binding. A fact reads it by its name, and the name is noted: who shares the answer must read the
 * same. What makes no difference is left out of what is read, so that more questions share an answer.
 */
export const records = {
  /** Whether IAM lets its callers change the target: a user, or a role that is neither a service's nor of IAM Identity Center. */
  canChange: ({ binding: { target } }: Bound) =>
    target?.type !== 'role' || !(target.isServiceLinked || target.isIdentityCenter),
  /** The instance profiles of the target. */
  profiles: ({ binding: { target } }: Bound) => (target?.type === 'role' ? target.profiles : []),
  /** The managed policies of the group or the target: their number, or which they are if there is no room for one more. */
  attached: ({ binding: { target, group } }: Bound) => {
    const { attached } = group ?? target ?? { attached: [] }
    return { count: attached.length, full: attached.length < quota.attached ? undefined : attached }
  },
  /** The same of the groups of a user; undefined of a role. */
  groups: ({ binding: { target } }: Bound) => {
    if (target?.type !== 'user') return undefined
    const { groups } = target
    return { count: groups.length, full: groups.length < quota.groups ? undefined : groups }
  },
  /** The number of versions of the policy. */
  versions: ({ binding: { policy } }: Bound) => policy?.versions.size ?? 0,
  /** The number of access keys of the target; undefined if no file says it. */
  accessKeys: ({ questions, binding: { target } }: Bound) => {
    const { accessKeys } = questions.world.inventory
    return accessKeys && (accessKeys.get(target?.name ?? '') ?? 0)
  },
  /** Whether the target has a password; undefined if no file says it. */
  password: ({ questions, binding: { target } }: Bound) =>
    questions.world.inventory.loginProfiles?.has(target?.name ?? ''),
  /** The number of MFA devices of the target; undefined if no file says it. */
  mfaDevices: ({ questions, binding: { target } }: Bound) => {
    const { mfaDevices } = questions.world.inventory
    return mfaDevices && (mfaDevices.get(target?.name ?? '') ?? 0)
  },
  /** Whether the actor would change its own devices, without MFA. [CRED-95] */
  ownWithoutMfa: ({ actor, binding: { target } }: Bound) =>
    target?.arn === actor.variant.principal.arn && actor.form !== 'mfa',
  /** Whether the account manages IAM Identity Center; undefined if no file says it. */
  identityCenter: ({ questions }: Bound) => questions.world.inventory.managesIdentityCenter,
  /** Whether the actor can use what it changes there: it is a user of the directory, or changes a permission set. */
  usesIdentityCenter: ({ actor: { variant }, technique: { effect } }: Bound) =>
    effect === 'writesPermissionSet' ||
    (variant.principal.type === 'role' && variant.principal.isIdentityCenter),
  /** Whether the account manages the organization; undefined if no file says it. */
  managementAccount: ({ questions: { world } }: Bound) => {
    const { managementAccount } = world.organization
    return managementAccount === undefined ? undefined : managementAccount === world.account
  },
  /** Whether the identity provider exists; undefined if no file says it. */
  provider: ({ questions, binding: { provider } }: Bound) => {
    const { resources, identityProviders } = questions.world.inventory
    if (resources?.some(({ arn }) => arn === provider) === true) return true
    return identityProviders?.has(provider ?? '')
  },
  /** The role that the instance profile holds. */
  holder: ({ questions: { index }, binding: { profile } }: Bound) =>
    index.holders.get(profile?.arn ?? '')?.arn,
  /** The role of the cluster that is bound. */
  clusterRole: ({ questions: { index }, binding: { resources } }: Bound) =>
    index.roleOf(resources?.get('AWS::EMR::Cluster')?.role),
  /** An instance of those that are bound which the actor controls; false: none, undefined: nobody knows. */
  control: ({ actor, binding: { resources }, controls }: Bound) =>
    controlOf(actor, [...(resources?.values() ?? [])], controls),
  /** The same of those that run as the profile. */
  controlByProfile: ({ questions: { index }, actor, binding: { profile }, controls }: Bound) =>
    controlOf(actor, index.resourcesOf('AWS::EC2::Instance').byProfile.get(profile?.arn) ?? [], controls),
} as const

/** The name of something that facts ask about what is bound. */
export type RecordName = keyof typeof records

/** The value that is read under a name. */
export type RecordOf<Name extends RecordName> = ReturnType<(typeof records)[Name]>

/** Reads something by its name. */
export function readRecord<Name extends RecordName>(name: Name, bound: Bound): RecordOf<Name> {
  // The function of a name returns what is read under it.
  return records[name](bound) as RecordOf<Name>
}

/** The names of all that facts can ask. */
export const recordNames: readonly string[] = Object.keys(records)

/** Whether something is read by a name. */
export function isRecordName(name: string): name is RecordName {
  return Object.hasOwn(records, name)
}

/** The first instance that an actor controls. */
function controlOf(
  actor: Actor,
  instances: readonly Resource[],
  controls: Bound['controls'],
): string | false | undefined {
  const answers = instances.map((instance) => controls(actor, instance))
  const place = answers.indexOf('yes')
  if (place !== -1) return instances[place]?.arn
  return answers.includes('unknown') ? undefined : false
}

/** A part of a binding that requests name. */
export type Part = 'target' | 'policy' | 'group' | 'profile' | 'workload' | `resource ${string}`

/** The parts of a binding, by their ARNs. */
export function partsOf(binding: Binding): ReadonlyMap<string, readonly Part[]> {
  const found = new Map<string, Part[]>()
  for (const [part, { arn }] of namedParts(binding)) listIn(found, arn).push(part)
  return found
}

/** The parts of a binding, with what they are. */
export function* namedParts({
  target,
  policy,
  group,
  profile,
  workload,
  resources,
}: Binding): Generator<readonly [Part, { readonly arn: string }]> {
  // The names are those of the object above.
  const single: readonly (readonly [Part, { readonly arn: string } | undefined])[] = [
    ['target', target],
    ['policy', policy],
    ['group', group],
    ['profile', profile],
    ['workload', workload],
  ]
  for (const [part, each] of single) if (each !== undefined) yield [part, each]
  for (const [type, resource] of resources ?? []) yield [`resource ${type}`, resource]
}

/**
 * The values that the proofs of a technique have read so far. Each is noted where it is read: questions for which all of it is equal have
 * equal answers. What is read later is added, and answers from before are then not found any more.
 */
export class Reads {
  /** The calls of the actor that policies were asked about. */
  readonly calls = new Set<string>()
  /** The calls of which all statements count, and not only those that name a part, or have conditions. */
  readonly whole = new Set<string>()
  /** By the part that the request names: the calls. */
  readonly statements = new Map<Part, Set<string>>()
  readonly records = new Set<RecordName>()
  /** Whether the policies of the target itself were asked. */
  asksTarget = false
  /** Whether something was read that only one question has: the policies of a further role. */
  isAlone = false
  /** The number of notes. */
  version = 0

  /** Notes that policies were asked about a call on parts; without parts: on something else. */
  note(call: string, parts: readonly Part[] = []): void {
    this.#add(this.calls, call)
    if (parts.length === 0) this.#add(this.whole, call)
    for (const part of parts) this.#add(setIn(this.statements, part), call)
  }

  /** Notes that a call was looked for among Allows. */
  noteAllow(call: string): void {
    this.#add(this.calls, call)
  }

  noteRecord(name: RecordName): void {
    this.#add(this.records, name)
  }

  noteTarget(): void {
    if (!this.asksTarget) this.version++
    this.asksTarget = true
  }

  noteAlone(): void {
    if (!this.isAlone) this.version++
    this.isAlone = true
  }

  #add<Each>(all: Set<Each>, each: Each): void {
    if (all.has(each)) return
    all.add(each)
    this.version++
  }
}
