import { type AccountId, type ArnOwner, Fault } from '../base/index.ts'
import { resourcePolicies } from '../directory/index.ts'
import type { Omen } from '../gate/index.ts'
import { applyImage, IntakeProblem } from '../intake/index.ts'
import { SeedCalls } from './calls.ts'
import { plantCenter } from './center.ts'
import { plantLenders } from './lenders.ts'
import { managedArn, managedParts, policyOf, trustOf } from './names.ts'
import { plantOrganization } from './organization.ts'
import { SeedProblem } from './problem.ts'
import type { ReadAccounts, ReadSeed, SeedPath } from './read.ts'
import type { SeedAccount, SeedDocument, SeedPolicyOf, SeedTags } from './seed.ts'

/** A trust policy that names a principal that did not exist yet. */
interface LaterTrust {
  readonly account: AccountId
  readonly role: string
  readonly document: string
  readonly at: SeedPath
}

/**
 * Makes what seeds describe, in order, by the server's own operations, so that everything obeys AWS's rules and
 * quotas. For a new server: afterwards its history is empty, as after a first start. @throws SeedProblem at the first
 * refusal; part of the seed then exists
 */
export async function plantSeeds(seeds: readonly (ReadSeed | ReadAccounts)[], omen: Omen): Promise<void> {
  for (const read of seeds) {
    if ('image' in read) await plantAccounts(read, omen)
    else await new Planting(read, omen).plant()
  }
  await omen.deps.recorder.flush()
  await omen.deps.directory.store.forgetEvents({ before: Number.POSITIVE_INFINITY })
}

/** Takes the accounts in files as they are: all of them in one commit. */
async function plantAccounts({ image }: ReadAccounts, omen: Omen): Promise<void> {
  try {
    await applyImage(image, omen.deps)
  } catch (error) {
    throw error instanceof IntakeProblem ? new SeedProblem(error.message) : error
  }
}

class Planting {
  readonly #read: ReadSeed
  readonly #omen: Omen
  readonly #calls: SeedCalls
  readonly #later: LaterTrust[] = []

  constructor(read: ReadSeed, omen: Omen) {
    this.#read = read
    this.#omen = omen
    this.#calls = new SeedCalls(omen, read)
  }

  async plant(): Promise<void> {
    const { seed } = this.#read
    const first = this.#omen.deps.firstAccount
    const others: (readonly [AccountId, SeedAccount, SeedPath])[] = []
    for (const [number, given] of Object.entries(seed.accounts ?? {})) {
      const at = ['accounts', number]
      const id = this.#calls.number(number, at)
      const { name = `account-${number}`, email = `root@${number}.example.com`, ...content } = given ?? {}
      await this.#calls.createAccount(id, name, email, at)
      others.push([id, content, at])
    }
    for (const [id, content, at] of [[first, seed, []] as const, ...others])
      await this.#account(id, content, at)
    for (const { account, role, document, at } of this.#later) {
      const input = { RoleName: role, PolicyDocument: document }
      await this.#calls.call(account, 'iam', 'UpdateAssumeRolePolicy', input, at)
    }
    if (seed.organization !== undefined)
      await plantOrganization(seed.organization, this.#calls, first, (document, at) =>
        this.#text(document, at),
      )
    if (seed.identityCenter !== undefined)
      await plantCenter(seed.identityCenter, {
        omen: this.#omen,
        calls: this.#calls,
        read: this.#read,
        text: (document, at) => this.#text(document, at),
      })
  }

  async #account(id: AccountId, seed: SeedAccount, at: SeedPath): Promise<void> {
    const { alias } = seed
    if (alias !== undefined)
      await this.#iam(id, 'CreateAccountAlias', { AccountAlias: alias }, [...at, 'alias'])
    await each(seed.policies, async (name, given) => {
      const place = [...at, 'policies', name]
      const { document, path, description, tags } = managedParts(given)
      const input = {
        PolicyName: name,
        PolicyDocument: this.#text(document, place),
        ...optional({ Path: path, Description: description, Tags: tagsOf(tags) }),
      }
      await this.#iam(id, 'CreatePolicy', input, place)
    })
    await each(seed.groups, async (name, given) => {
      const place = [...at, 'groups', name]
      await this.#iam(id, 'CreateGroup', { GroupName: name, ...optional({ Path: given?.path }) }, place)
      await this.#policies('Group', name, given?.policies, id, seed, place)
    })
    await each(seed.oidcProviders, async (url, given) => {
      const { clientIds, thumbprints, tags } = given ?? {}
      const input = {
        Url: `https://${url}`,
        ...optional({ ClientIDList: clientIds, ThumbprintList: thumbprints, Tags: tagsOf(tags) }),
      }
      await this.#iam(id, 'CreateOpenIDConnectProvider', input, [...at, 'oidcProviders', url])
    })
    await this.#resources(id, seed.resources, [...at, 'resources'])
    await each(seed.users, (name) => this.#user(id, name, seed, [...at, 'users', name]))
    await each(seed.roles, (name) => this.#role(id, name, seed, [...at, 'roles', name]))
    await plantLenders(seed, this.#owner(id), at, (service, operation, input, place, region) =>
      this.#calls.call(id, service, operation, input, place, region),
    )
  }

  /** Policies of resources are of no operation that is served: they are kept as an import keeps them. */
  async #resources(id: AccountId, given: SeedAccount['resources'], at: SeedPath): Promise<void> {
    const { directory } = this.#omen.deps
    const account = await directory.find(id)
    for (const [arn, document] of Object.entries(given ?? {}))
      account?.table(resourcePolicies).put({ arn, document: this.#text(document, [...at, arn]) })
    if (given !== undefined) await directory.commit([])
  }

  async #user(id: AccountId, name: string, seed: SeedAccount, at: SeedPath): Promise<void> {
    const { path, tags, groups = [], policies, boundary, password } = seed.users?.[name] ?? {}
    const input = {
      UserName: name,
      ...optional({
        Path: path,
        Tags: tagsOf(tags),
        PermissionsBoundary: this.#boundary(boundary, seed, id, at),
      }),
    }
    // every server has a user admin
    if (name !== 'admin' || at.length > 2) await this.#iam(id, 'CreateUser', input, at)
    for (const [index, group] of groups.entries())
      await this.#iam(id, 'AddUserToGroup', { UserName: name, GroupName: group }, [...at, 'groups', index])
    await this.#policies('User', name, policies, id, seed, at)
    if (password !== undefined)
      await this.#iam(
        id,
        'CreateLoginProfile',
        { UserName: name, Password: password, PasswordResetRequired: false },
        [...at, 'password'],
      )
  }

  async #role(id: AccountId, name: string, seed: SeedAccount, at: SeedPath): Promise<void> {
    const role = seed.roles?.[name]
    if (role === undefined) return
    const { trust, path, description, tags, policies, boundary, maxSessionSeconds, instanceProfile } = role
    const place = [...at, 'trust']
    const isShort = typeof trust === 'string' || Array.isArray(trust)
    // a list or a text by the line before, otherwise a document
    const short = isShort ? trustOf(trust as string | readonly string[], this.#owner(id), seed) : undefined
    const document = short ?? this.#text(trust as SeedDocument, place) // as above
    const input = {
      RoleName: name,
      ...optional({
        Path: path,
        Description: description,
        Tags: tagsOf(tags),
        MaxSessionDuration: maxSessionSeconds === undefined ? undefined : Number(maxSessionSeconds),
        PermissionsBoundary: this.#boundary(boundary, seed, id, at),
      }),
    }
    try {
      await this.#calls.tryCall(id, 'iam', 'CreateRole', { ...input, AssumeRolePolicyDocument: document })
    } catch (error) {
      // a role that the policy names may be one that is made later
      if (!(error instanceof Fault) || !/invalid principal/i.test(error.message))
        throw error instanceof Fault
          ? this.#read.problem(place, `CreateRole: ${error.code}: ${error.message}`)
          : error
      const AssumeRolePolicyDocument = trustOf('root', this.#owner(id))
      await this.#iam(id, 'CreateRole', { ...input, AssumeRolePolicyDocument }, at)
      this.#later.push({ account: id, role: name, document, at: place })
    }
    await this.#policies('Role', name, policies, id, seed, at)
    if (instanceProfile !== true) return
    const profile = { InstanceProfileName: name }
    await this.#iam(id, 'CreateInstanceProfile', profile, [...at, 'instanceProfile'])
    await this.#iam(id, 'AddRoleToInstanceProfile', { ...profile, RoleName: name }, [
      ...at,
      'instanceProfile',
    ])
  }

  async #policies(
    kind: 'Group' | 'User' | 'Role',
    name: string,
    policies: readonly SeedPolicyOf[] = [],
    id: AccountId,
    seed: SeedAccount,
    at: SeedPath,
  ): Promise<void> {
    for (const [index, entry] of policies.entries()) {
      const place = [...at, 'policies', index]
      const policy = policyOf(entry, index, seed, this.#owner(id))
      if (policy === undefined)
        throw this.#read.problem(
          place,
          `there is no policy ${String(entry)} in the seed, and none of AWS; a file is named ./NAME.json`,
        )
      const owner = { [`${kind}Name`]: name }
      if (policy.type === 'attached') {
        await this.#iam(id, `Attach${kind}Policy`, { ...owner, PolicyArn: policy.arn }, place)
      } else {
        const PolicyDocument = this.#text(policy.document, place)
        await this.#iam(id, `Put${kind}Policy`, { ...owner, PolicyName: policy.name, PolicyDocument }, place)
      }
    }
  }

  #boundary(name: string | undefined, seed: SeedAccount, id: AccountId, at: SeedPath): string | undefined {
    if (name === undefined) return undefined
    const arn = managedArn(name, seed, this.#owner(id))
    if (arn === undefined) throw this.#read.problem([...at, 'boundary'], `there is no managed policy ${name}`)
    return arn
  }

  #owner(id: AccountId): ArnOwner {
    return { id, partition: this.#omen.deps.partition }
  }

  #text(document: SeedDocument, at: SeedPath): string {
    return typeof document === 'string' ? this.#read.document(document, at) : JSON.stringify(document)
  }

  #iam(
    id: AccountId,
    operation: string,
    input: Readonly<Record<string, unknown>>,
    at: SeedPath,
  ): Promise<unknown> {
    return this.#calls.call(id, 'iam', operation, input, at)
  }
}

/** So many are made at a time: their commits travel together. */
const atOnce = 64

async function each<T>(
  things: Readonly<Record<string, T>> | undefined,
  make: (name: string, thing: T) => Promise<void>,
): Promise<void> {
  const list = Object.entries(things ?? {})
  for (let from = 0; from < list.length; from += atOnce)
    await Promise.all(list.slice(from, from + atOnce).map(([name, thing]) => make(name, thing)))
}

function tagsOf(tags: SeedTags | undefined) {
  return tags === undefined
    ? undefined
    : Object.entries(tags).map(([Key, Value]) => ({ Key, Value: String(Value) }))
}

/** The members that are present. */
function optional(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
