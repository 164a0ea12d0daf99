import { type CompiledSet, compile, type Policy, parsePolicy, wildcardMatcher } from '@omen-iam/policy'
import { setIn, valueIn } from './lists.ts'
import { type Document, type Principal, serviceOfArn, type World } from './world.ts'
import { writtenPolicy } from './written-policy.ts'

/** The carrier of a resource's policy: the bucket of an object, the function of a version. */
export function carrierOf(arn: string): string {
  if (/^arn:[^:]*:s3:::/.test(arn)) return arn.split('/', 1)[0] ?? arn
  return /^arn:[^:]*:(?:lambda:[^:]*:\d{12}:function|sns:[^:]*:\d{12}):[^:]+/.exec(arn)?.[0] ?? arn
}

/**
 * The policy of a resource as the inventory has it: a document, its text, or null if the resource has none.
 * @throws TypeError if it is not a policy
 */
export function readResourcePolicy(arn: string, value: unknown): Document | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)
  const name = arn.slice(arn.lastIndexOf(':') + 1)
  const parsed = parsePolicy(text, isKey(arn) ? 'key' : 'resource', { lenient: true })
  if (!parsed.ok) throw new TypeError(`The policy of ${arn} cannot be read: ${parsed.message}`)
  return { policy: parsed.policy, source: { type: 'resource', name: `policy of ${name}` }, key: arn }
}

/** Of a key, only what its policy allows or hands on to IAM counts. [POL-119] */
export function isKey(arn: string): boolean {
  return serviceOfArn(arn) === 'kms'
}

const compiled = new WeakMap<Document, CompiledSet>()

/** The policy as the engine takes it beside those of the caller. */
export function resourceSet(arn: string, source: Document): CompiledSet {
  return valueIn(compiled, source, () =>
    compile({ resource: { source, grant: isKey(arn) ? 'explicit' : 'either' } }),
  )
}

/** The policy of a resource that is in no file, as if it left the call to the policies of an account, or allowed it to everyone: `*`. */
export function assumedPolicy(resource: string, caller: string): Document {
  return {
    policy: leavingTo(caller),
    source: { type: 'resource', name: 'a policy in no file' },
    key: resource,
    isUnknown: true,
  }
}

/** A policy that leaves calls to the policies of an account. */
function leavingTo(account: string): Policy {
  const statement = { Effect: 'Allow', Principal: { AWS: account }, Action: '*', Resource: '*' }
  return valueIn(leaving, account, () => writtenPolicy(statement, 'resource'))
}

const leaving = new Map<string, Policy>()

/** The resource policies of an account: what they say of whom. */
export class ResourcePolicies {
  readonly #byArn = new Map<string, Document>()
  /** The actions of techniques that policies allow to principals by name, by the key of a principal. */
  readonly #named = new Map<string, Set<string>>()
  readonly #accounts = new Set<string>()
  #isOpen = false

  constructor({
    account,
    inventory,
    elsewhere = new Map(),
  }: Pick<World, 'account' | 'inventory' | 'elsewhere'>) {
    for (const [owner, resources] of [[account, inventory.resources ?? []] as const, ...elsewhere])
      for (const { arn, policy } of resources) {
        if (policy === undefined) continue
        this.#byArn.set(carrierOf(arn), policy)
        this.#read(policy.policy, owner)
      }
  }

  /** Whether no resource has one. */
  get isEmpty(): boolean {
    return this.#byArn.size === 0
  }

  /** The policy that counts for a resource. */
  of(arn: string): Document | undefined {
    return this.#byArn.size === 0 ? undefined : this.#byArn.get(carrierOf(arn))
  }

  /** The other accounts that an Allow names, and whether one names everyone. */
  get allowed(): { readonly accounts: ReadonlySet<string>; readonly isOpen: boolean } {
    return { accounts: this.#accounts, isOpen: this.#isOpen }
  }

  /**
   * The actions, in lower case, that some policy may allow to a principal without an Allow of its own. Patterns are given
   * as they are written.
   */
  actionsFor(principal: Principal): readonly string[] {
    if (this.#byArn.size === 0) return []
    const keys = [
      '*',
      principal.arn,
      ...(principal.id === undefined ? [] : [principal.id]),
      ...(principal.type === 'role' ? [sessionKey(principal.account, principal.name)] : []),
    ]
    return keys.flatMap((key) => [...(this.#named.get(key) ?? [])])
  }

  #read({ statements }: Policy, account: string): void {
    for (const { effect, principal, action } of statements) {
      if (effect !== 'Allow' || principal === undefined) continue
      // NotAction may be anything, NotPrincipal anybody.
      const actions = action.negated ? ['*'] : action.values.map(({ value }) => value.toLowerCase())
      const keys = principal.negated
        ? ['*']
        : principal.entries.flatMap(({ type, value }) => (type === 'AWS' ? value : []))
      for (const key of keys) {
        if (key === '*') this.#isOpen = true
        const of = /^\d{12}$/.test(key)
          ? key
          : (/^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(key)?.[1] ?? account)
        if (of !== account) this.#accounts.add(of)
        const session = /^arn:[^:]*:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(key)
        const name = session === null ? key : sessionKey(session[1] ?? '', session[2] ?? '')
        for (const each of actions) setIn(this.#named, name).add(each)
      }
    }
  }
}

function sessionKey(account: string, role: string): string {
  return `${account} session of ${role}`
}

/** Whether one of some patterns of actions matches an action; all are in lower case. */
export function coversAction(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    if (!/[*?]/.test(pattern)) return pattern === action
    return wildcardMatcher(pattern)(action)
  })
}
