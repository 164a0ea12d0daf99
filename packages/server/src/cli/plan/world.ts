import {
  type CompiledSet,
  Context,
  type ContextInput,
  compile,
  type Policy,
  type PolicySource,
  type Principal,
  parsePolicy,
  principalContext,
  type Span,
  type Statement,
} from '@omen-iam/policy'
import { managedPolicies } from '../../authorization/catalogue/index.ts'
import type {
  AccountImage,
  IdentityImage,
  Image,
  ManagedPolicyImage,
  SourcePlace,
} from '../../intake/index.ts'
import { placeKey } from '../../intake/index.ts'
import { ControlPolicies } from './control-policies.ts'

/** A user, a group or a role, with all that gives it permissions. */
export interface Holder {
  readonly kind: 'user' | 'group' | 'role'
  readonly account: string
  readonly partition: string
  readonly arn: string
  readonly name: string
  readonly at: SourcePlace
  /** Its own policies and those of its groups, as one. */
  readonly identity: Policy
  readonly sources: readonly PolicySource[]
  readonly boundary?: Policy
  /** Whether its boundary is a policy that nothing describes: what that lets through is not known. */
  readonly isBoundaryUnknown?: true
  /** For a role, who may assume it. */
  readonly trust?: Policy
  /** Texts of all of this: equal texts mean equal permissions. */
  readonly key: string
  readonly trustKey: string
  /** Whether a file only adds to it, and does not say what else it has. */
  readonly isPart: boolean
}

/** The policy of a resource. */
export interface ResourceHolder {
  readonly arn: string
  readonly at: SourcePlace
  readonly policy: Policy
}

/** A document and its location. */
interface Written {
  readonly document: string
  /** The ARN of the managed policy of AWS that it is. */
  readonly owner?: string
  readonly at: SourcePlace
}

/** Places of statements, and the managed policies of AWS that they are of, by their spans. */
export class Places {
  readonly #places = new WeakMap<Span, SourcePlace>()
  readonly #owners = new WeakMap<Span, string>()

  setOwner(statement: Statement, arn: string): void {
    this.#owners.set(statement.span, arn)
  }

  /** The ARN of the managed policy of AWS that has the statement. */
  ownerOf(statement: Statement): string | undefined {
    return this.#owners.get(statement.span)
  }

  set(statement: Statement, place: SourcePlace): void {
    this.#places.set(statement.span, place)
  }

  of(statement: Statement): SourcePlace | undefined {
    return this.#places.get(statement.span)
  }
}

/** Everything in an image that gives permissions, by ARN. */
export class World {
  readonly holders = new Map<string, Holder>()
  readonly resources = new Map<string, ResourceHolder>()
  /** Customer managed policies that nothing describes: how often they are attached, and how often a boundary. */
  readonly missing = new Map<string, { attached: number; boundary: number }>()
  /** The SCPs and RCPs of the organization. */
  readonly controls: ControlPolicies
  readonly #places: Places
  readonly #read: Image['readPolicies']
  readonly #statementPlaces: ReadonlyMap<string, readonly SourcePlace[]>
  readonly #parsed = new Map<string, Policy | undefined>()
  readonly #compiled = new Map<string, CompiledSet>()

  constructor(image: Image, places: Places, statementPlaces: ReadonlyMap<string, readonly SourcePlace[]>) {
    this.#places = places
    this.#read = image.readPolicies
    this.#statementPlaces = statementPlaces
    this.controls = new ControlPolicies(image.organization)
    for (const account of image.accounts) this.#addAccount(account)
  }

  /** The compiled policies of a holder, for evaluation. */
  compiled(holder: Holder): CompiledSet {
    const earlier = this.#compiled.get(holder.arn)
    if (earlier !== undefined) return earlier
    const { boundary } = holder
    const set = compile({
      identity: holder.sources,
      scp: this.controls.scp(holder.account),
      ...(boundary === undefined ? {} : { boundary: [{ policy: boundary, source: { type: 'none' } }] }),
    })
    this.#compiled.set(holder.arn, set)
    return set
  }

  #addAccount(account: AccountImage): void {
    const policies = new Map(account.policies.map((each) => [policyArn(account, each), each]))
    const groups = new Map(account.groups.map((each) => [each.name.toLowerCase(), each]))
    const add = (
      kind: Holder['kind'],
      identity: IdentityImage,
      more: Partial<Holder> = {},
      others: readonly IdentityImage[] = [],
    ) => {
      const written = [identity, ...others].flatMap((each) => this.#documentsOf(each, policies, account))
      const arn = `arn:${account.partition}:iam::${account.account}:${kind}${identity.path ?? '/'}${identity.name}`
      const sources = written.flatMap(({ document, at, owner }): readonly PolicySource[] => {
        const policy = this.#parse(document, 'identity', at, owner)
        return policy === undefined ? [] : [{ policy, source: { type: kind, name: identity.name } }]
      })
      this.holders.set(arn.toLowerCase(), {
        kind,
        account: account.account,
        partition: account.partition,
        arn,
        name: identity.name,
        at: identity.at,
        identity: merged(sources.map(({ policy }) => policy)),
        sources,
        key: [...written.map(({ document }) => document), more.boundary?.text ?? ''].join('\n'),
        trustKey: more.trust?.text ?? '',
        isPart: identity.isPart === true,
        ...more,
      })
    }
    for (const group of account.groups) add('group', group)
    for (const user of account.users) {
      const memberships = (user.groups ?? []).flatMap((name) => groups.get(name.toLowerCase()) ?? [])
      add('user', user, this.#boundary(user.boundaryArn, policies, account, user.at), memberships)
    }
    for (const role of account.roles) {
      const trust = role.trust === undefined ? undefined : this.#parse(role.trust, 'trust', role.at)
      add('role', role, {
        ...this.#boundary(role.boundaryArn, policies, account, role.at),
        ...(trust === undefined ? {} : { trust }),
      })
    }
    for (const { arn, document, at } of account.resourcePolicies) {
      const policy = this.#parse(document, arn.includes(':kms:') ? 'key' : 'resource', at)
      if (policy !== undefined) this.resources.set(arn, { arn, at, policy })
    }
  }

  #boundary(
    arn: string | null | undefined,
    policies: ReadonlyMap<string, ManagedPolicyImage>,
    account: AccountImage,
    at: SourcePlace,
  ): Pick<Holder, 'boundary' | 'isBoundaryUnknown'> {
    if (arn === undefined || arn === null) return {}
    const written = this.#managed(arn, policies, account, at, 'boundary')
    // nobody can say what a boundary that is not known lets through
    if (written === undefined) return { boundary: empty, isBoundaryUnknown: true }
    return { boundary: this.#parse(written.document, 'boundary', written.at) ?? empty }
  }

  #documentsOf(
    { inline = [], attached = [], at }: IdentityImage,
    policies: ReadonlyMap<string, ManagedPolicyImage>,
    account: AccountImage,
  ): readonly Written[] {
    return [...inline, ...attached.flatMap((arn) => this.#managed(arn, policies, account, at) ?? [])]
  }

  #managed(
    arn: string,
    policies: ReadonlyMap<string, ManagedPolicyImage>,
    { partition }: AccountImage,
    at: SourcePlace,
    as: 'attached' | 'boundary' = 'attached',
  ): Written | undefined {
    const record = policies.get(arn.toLowerCase())
    const { versions = [], defaultVersion } = record ?? {}
    const version = versions.find(({ id }) => id !== undefined && id === defaultVersion) ?? versions[0]
    if (version !== undefined) return version
    const [read] = this.#read?.get(arn)?.versions ?? []
    const document = managedPolicies(partition).find(arn)?.document ?? read?.document
    if (document !== undefined) return { document, at, owner: arn }
    const counts = this.missing.get(arn) ?? { attached: 0, boundary: 0 }
    counts[as]++
    this.missing.set(arn, counts)
    return undefined
  }

  #parse(document: string, kind: Policy['kind'], at: SourcePlace, owner?: string): Policy | undefined {
    const key = `${kind} ${placeKey(at, document)}`
    if (this.#parsed.has(key)) return this.#parsed.get(key)
    const parsed = parsePolicy(document, kind, { lenient: true })
    const policy = parsed.ok ? parsed.policy : undefined
    const places = this.#statementPlaces.get(placeKey(at, document)) ?? []
    for (const statement of policy?.statements ?? []) {
      this.#places.set(statement, places[statement.index] ?? at)
      if (owner !== undefined) this.#places.setOwner(statement, owner)
    }
    this.#parsed.set(key, policy)
    return policy
  }
}

const empty: Policy = { kind: 'identity', version: '2012-10-17', statements: [], text: '' }

/** A policy that allows nothing. */
export function nothing(kind: Policy['kind']): Policy {
  return { ...empty, kind }
}

/** Several policies as one: what any allows and none denies. */
function merged(policies: readonly Policy[]): Policy {
  const [only] = policies
  if (only !== undefined && policies.length === 1) return only
  const statements = policies
    .flatMap((policy) => policy.statements)
    .map((each, index) => ({ ...each, index }))
  return { ...empty, statements, text: policies.map(({ text }) => text).join('\n') }
}

function policyArn({ account, partition }: AccountImage, { name, path = '/' }: ManagedPolicyImage): string {
  return `arn:${partition}:iam::${account}:policy${path}${name}`.toLowerCase()
}

/** The principal that a user or a session of a role is. */
export function principalOf({ kind, arn, account, partition, name }: Holder): Principal {
  if (kind === 'user') return { type: 'user', arn, account }
  const sessionArn = `arn:${partition}:sts::${account}:assumed-role/${name}/plan`
  return { type: 'roleSession', sessionArn, roleArn: arn, account }
}

/** The context of a holder's request: the keys that follow from it, and further keys. */
export function contextOf(principal: Principal, keys: Readonly<Record<string, ContextInput>>): Context {
  return new Context({ ...keys, ...principalContext(principal) })
}
