import { shownPrincipals } from '../authorization/index.ts'
import { type AccountId, type ArnOwner, assert, iamArn, parseAccountId } from '../base/index.ts'
import { organizationPolicies, policies, resourcePolicies, roles, users } from '../directory/index.ts'
import type { RunningOmen } from '../index.ts'
import type { ServiceId } from '../model/index.ts'
import { managedArn, type SeedAccount, type SeedDocument, trustOf } from '../seed/index.ts'
import { rootArn } from '../session/index.ts'
import type { Change, Changes } from './lesson.ts'

type Input = Readonly<Record<string, unknown>>

/** The meaning of a name of `Changes`. */
interface Target {
  readonly account: AccountId
  readonly kind: 'user' | 'role' | 'policy' | 'scp' | 'resource'
  readonly name: string
  readonly part: 'policies' | 'trust' | 'boundary' | 'document'
}

/** @throws TypeError if the name means nothing */
export function targetOf(written: string, first: AccountId): Target {
  const [, number, kind, name, part] =
    /^(?:(\d{12}) )?(user|role|policy|scp|resource)\/(\S+)(?: (trust|boundary))?$/.exec(written) ?? []
  const account = number === undefined ? first : parseAccountId(number)
  if (kind === undefined || name === undefined || account === undefined)
    throw new TypeError(`${written} names nothing that can change`)
  const isIdentity = kind === 'user' || kind === 'role'
  return {
    account,
    kind: kind as Target['kind'], // by the expression
    name,
    part: part === undefined ? (isIdentity ? 'policies' : 'document') : (part as Target['part']), // by the expression
  }
}

/**
 * Makes changes by the house's own operations, in the name of each account's root: what AWS refuses is refused here in its
 * words. @throws Fault; TypeError if a change names something that does not exist
 */
export async function applyChanges(changes: Changes, omen: RunningOmen): Promise<void> {
  for (const [name, change] of Object.entries(changes))
    await new Editor(omen, targetOf(name, omen.omen.deps.firstAccount)).apply(change)
  await omen.omen.deps.recorder.flush()
}

class Editor {
  readonly #omen: RunningOmen
  readonly #target: Target

  constructor(omen: RunningOmen, target: Target) {
    this.#omen = omen
    this.#target = target
  }

  async apply(change: Change): Promise<void> {
    const { kind, part } = this.#target
    if (kind === 'resource') return this.#resource(documentOf(change))
    if (kind === 'scp') return this.#scp(documentOf(change))
    if (kind === 'policy') return this.#managed(documentOf(change))
    if (part === 'trust') return this.#trust(change)
    if (part === 'boundary') return this.#boundary(change)
    await this.#policies([change].flat() as readonly SeedDocument[]) // a list of documents or one
  }

  get #account() {
    const account = this.#omen.omen.deps.directory.loaded(this.#target.account)
    assert(account !== undefined, 'the accounts of a house are in memory')
    return account
  }

  async #call(service: ServiceId, operation: string, input: Input): Promise<unknown> {
    const account = this.#account
    const arn = rootArn(account)
    const { accessKeyId } = this.#omen.as(arn).credentials
    const caller = { kind: 'root' as const, account: account.id, arn, accessKeyId }
    const origin = { sourceIp: '127.0.0.1', userAgent: 'omen learn', host: '', secure: true }
    return this.#omen.omen.perform({ service, operation, input, caller, account, origin })
  }

  async #policies(wanted: readonly SeedDocument[]): Promise<void> {
    const { kind, name } = this.#target
    const Kind = kind === 'user' ? 'User' : 'Role'
    const owner = { [`${Kind}Name`]: name }
    const table = kind === 'user' ? this.#account.table(users) : this.#account.table(roles)
    const before = table.findBy('name', name.toLowerCase())
    if (before === undefined) throw new TypeError(`there is no ${kind} ${name}`)
    for (const PolicyName of Object.keys(before.inline))
      await this.#call('iam', `Delete${Kind}Policy`, { ...owner, PolicyName })
    for (const PolicyArn of before.attached)
      await this.#call('iam', `Detach${Kind}Policy`, { ...owner, PolicyArn })
    for (const [index, policy] of wanted.entries()) {
      if (typeof policy === 'string')
        await this.#call('iam', `Attach${Kind}Policy`, { ...owner, PolicyArn: this.#managedArn(policy) })
      else
        await this.#call('iam', `Put${Kind}Policy`, {
          ...owner,
          PolicyName: `inline-${index + 1}`,
          PolicyDocument: JSON.stringify(policy),
        })
    }
  }

  async #trust(change: Change): Promise<void> {
    const text = typeof change === 'string' ? trustOf(change, this.#owner) : documentOf(change)
    await this.#call('iam', 'UpdateAssumeRolePolicy', { RoleName: this.#target.name, PolicyDocument: text })
  }

  async #boundary(change: Change): Promise<void> {
    const { kind, name } = this.#target
    const Kind = kind === 'user' ? 'User' : 'Role'
    const owner = { [`${Kind}Name`]: name }
    if (typeof change === 'string' && change !== 'none')
      await this.#call('iam', `Put${Kind}PermissionsBoundary`, {
        ...owner,
        PermissionsBoundary: this.#managedArn(change),
      })
    else await this.#call('iam', `Delete${Kind}PermissionsBoundary`, owner)
  }

  async #managed(document: string): Promise<void> {
    const arn = this.#managedArn(this.#target.name)
    const versions =
      this.#account.table(policies).findBy('name', this.#target.name.toLowerCase())?.versions ?? []
    const old = versions.filter(({ id }) => id !== versions.at(-1)?.id)
    for (const { id } of old.slice(0, Math.max(0, versions.length - 4)))
      await this.#call('iam', 'DeletePolicyVersion', { PolicyArn: arn, VersionId: id })
    await this.#call('iam', 'CreatePolicyVersion', {
      PolicyArn: arn,
      PolicyDocument: document,
      SetAsDefault: true,
    })
  }

  async #scp(document: string): Promise<void> {
    const { name } = this.#target
    const listed = (await this.#call('organizations', 'ListPolicies', {
      Filter: 'SERVICE_CONTROL_POLICY',
    })) as { readonly Policies: readonly { readonly Id: string; readonly Name: string }[] } // as the operation answers
    const PolicyId = listed.Policies.find((each) => each.Name === name)?.Id
    if (PolicyId === undefined) throw new TypeError(`there is no SCP ${name}`)
    await this.#call('organizations', 'UpdatePolicy', { PolicyId, Content: document })
  }

  async #resource(document: string): Promise<void> {
    this.#account.table(resourcePolicies).put({ arn: this.#target.name, document })
    await this.#omen.omen.deps.directory.commit([])
  }

  get #owner(): ArnOwner {
    return { id: this.#target.account, partition: this.#omen.omen.deps.partition }
  }

  /** The ARN of a managed policy of the account, or of AWS. */
  #managedArn(name: string): string {
    const own = this.#account.table(policies).findBy('name', name.toLowerCase())
    if (own !== undefined) return iamArn(this.#owner, 'policy', own.path, own.name)
    const none: SeedAccount = {}
    const arn = managedArn(name, none, this.#owner)
    if (arn === undefined) throw new TypeError(`there is no managed policy ${name}`)
    return arn
  }
}

function documentOf(change: Change): string {
  if (typeof change === 'string') return change
  if (Array.isArray(change)) throw new TypeError('a document is missing')
  return JSON.stringify(change)
}

/** The present documents under a name of `Changes`, as the learner's file shows them. */
export function documentsOf(name: string, omen: RunningOmen): Change {
  const { deps } = omen.omen
  const target = targetOf(name, deps.firstAccount)
  const account = deps.directory.loaded(target.account)
  assert(account !== undefined, 'the accounts of a house are in memory')
  const lowered = target.name.toLowerCase()
  const json = (text: string | undefined) => JSON.parse(text ?? '{}') as SeedDocument // a stored document
  switch (target.kind) {
    case 'policy': {
      const policy = account.table(policies).findBy('name', lowered)
      return json(policy?.versions.find(({ id }) => id === policy.defaultVersion)?.document)
    }
    case 'resource':
      return json(account.table(resourcePolicies).find(target.name)?.document)
    case 'scp':
      return json(
        [...account.table(organizationPolicies).values()].find(({ name: own }) => own === target.name)
          ?.content,
      )
    case 'user':
    case 'role': {
      const table = target.kind === 'user' ? account.table(users) : account.table(roles)
      const found = table.findBy('name', lowered)
      if (found === undefined) throw new TypeError(`there is no ${name}`)
      if (target.part === 'boundary') return found.boundaryArn?.replace(/^.*\//, '') ?? 'none'
      if (target.part === 'trust')
        return json('trust' in found ? shownPrincipals(found.trust, 'trust', { account, deps }) : undefined)
      const attached = found.attached.map((arn) => arn.replace(/^.*\//, ''))
      return [...attached, ...Object.values(found.inline).map(json)]
    }
  }
}
