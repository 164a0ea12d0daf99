import {
  type CompiledSet,
  Context,
  compile,
  contextKeys,
  evaluate,
  type Policy,
  type PolicyKind,
  type Principal,
  parsePolicy,
} from '@omen-iam/policy'
import { partitionHere } from './aws.ts'
import type { Role } from './iam.ts'
import type { SeenQuestion } from './seen.ts'

/** The effect that a change of a role's policies would have had on calls. */
export interface DryRun {
  readonly calls: number
  readonly nowDenied: readonly SeenQuestion[]
  readonly nowAllowed: readonly SeenQuestion[]
  /** The role would be allowed it, and policies of the organization refuse it. */
  readonly refused: readonly SeenQuestion[]
  /** The questions whose answers depend on condition keys whose values were not kept. */
  readonly unsure: readonly SeenQuestion[]
}

/** The texts of a role's policies. */
export interface RoleTexts {
  readonly identity: readonly string[]
  readonly boundary?: string | undefined
}

/** The condition keys that the policies ask for, before and after a change. */
export function keysOfTexts(...all: readonly RoleTexts[]): readonly string[] {
  return contextKeys(
    all.flatMap(({ identity, boundary }) =>
      [...identity, ...(boundary === undefined ? [] : [boundary])].flatMap(read),
    ),
  )
}

/**
 * Runs calls against a role's policies as they are and as they would be, each with the condition keys that it was decided
 * by. Policies of resources are not asked.
 */
export function dryRun(
  role: Role,
  seen: readonly SeenQuestion[],
  before: RoleTexts,
  after: RoleTexts,
): DryRun {
  const [was, is] = [new Bounds(before), new Bounds(after)]
  const found: Record<'nowDenied' | 'nowAllowed' | 'refused' | 'unsure', SeenQuestion[]> = {
    nowDenied: [],
    nowAllowed: [],
    refused: [],
    unsure: [],
  }
  for (const question of seen) {
    const [earlier, now] = [was.outcome(role, question), is.outcome(role, question)]
    if (earlier === undefined || now === undefined) {
      if (earlier !== now) found.unsure.push(question)
    } else if (earlier && !now) found.nowDenied.push(question)
    else if (!earlier && now)
      found[question.refusedBy === undefined ? 'nowAllowed' : 'refused'].push(question)
  }
  return { calls: seen.reduce((sum, { count }) => sum + count, 0), ...found }
}

/** Policies read twice where condition keys are unknown: as if they would all speak for a question, and against it. */
class Bounds {
  readonly #texts: RoleTexts
  readonly #sets = new Map<string, CompiledSet>()

  constructor(texts: RoleTexts) {
    this.#texts = texts
  }

  /** Whether the policies allow it; undefined if unknown keys decide. */
  outcome(role: Role, question: SeenQuestion): boolean | undefined {
    const request = requestOf(role, question)
    const unknown = question.unknown ?? []
    const allows = (favour: 'for' | 'against') =>
      evaluate(request, this.#set(unknown, favour)).outcome === 'allowed'
    const best = allows('for')
    return unknown.length === 0 || best === allows('against') ? best : undefined
  }

  #set(unknown: readonly string[], favour: 'for' | 'against'): CompiledSet {
    const key = JSON.stringify([unknown, unknown.length === 0 ? '' : favour])
    let set = this.#sets.get(key)
    if (set === undefined) {
      const names = new Set(unknown.map((name) => name.toLowerCase()))
      const { identity, boundary } = this.#texts
      set = compile({
        identity: sources(identity, 'identity', names, favour),
        boundary: boundary === undefined ? undefined : sources([boundary], 'boundary', names, favour),
      })
      this.#sets.set(key, set)
    }
    return set
  }
}

function sources(
  texts: readonly string[],
  kind: PolicyKind,
  unknown: ReadonlySet<string>,
  favour: 'for' | 'against',
) {
  return texts.flatMap((text) => {
    const parsed = parsePolicy(text, kind, { lenient: true })
    if (!parsed.ok) return []
    return [{ policy: decided(parsed.policy, unknown, favour), source: { type: 'role' as const } }]
  })
}

/** The policy without the statements that unknown keys keep from applying; others of them apply whatever the keys are. */
function decided(policy: Policy, unknown: ReadonlySet<string>, favour: 'for' | 'against'): Policy {
  if (unknown.size === 0) return policy
  const statements = policy.statements.flatMap((statement) => {
    const keys = contextKeys([{ ...policy, statements: [statement] }]).map((key) => key.toLowerCase())
    if (!keys.some((key) => unknown.has(key))) return [statement]
    if ((statement.effect === 'Allow') !== (favour === 'for')) return []
    return [
      { ...statement, condition: statement.condition.filter(({ key }) => !unknown.has(key.toLowerCase())) },
    ]
  })
  return { ...policy, statements }
}

function read(text: string): readonly Policy[] {
  const parsed = parsePolicy(text, 'identity', { lenient: true })
  return parsed.ok ? [parsed.policy] : []
}

function requestOf(role: Role, { action, resource, context }: SeenQuestion) {
  const account = role.arn.split(':')[4] ?? ''
  const principal: Principal = {
    type: 'roleSession',
    sessionArn: `arn:${partitionHere()}:sts::${account}:assumed-role/${role.name}/session`,
    roleArn: role.arn,
    account,
    roleId: role.id,
  }
  return { principal, action, resource, context: new Context(context) }
}
