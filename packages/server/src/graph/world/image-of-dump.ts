import { Lines, parseJson } from '@omen-iam/policy'
import { type AccountId, type Partition, parseAccountId, parsePartition } from '../../base/index.ts'
import {
  type AccountImage,
  emptyAccount,
  type IdentityImage,
  type InlinePolicyImage,
  type ManagedPolicyImage,
  type SourcePlace,
} from '../../image/index.ts'
import { type Extent, readDump } from './dump-text.ts'
import { textOf } from './file-value.ts'
import { WorldProblem } from './problem.ts'
import { accountOfArn, type Origin } from './world.ts'

/** An account as a dump describes it. */
export interface DumpedAccount {
  readonly image: AccountImage
  /** AWS's managed policies that the dump has, by ARN. */
  readonly awsPolicies: ReadonlyMap<string, ManagedPolicyImage>
  /** Where a document begins in the dump; undefined if it is a text of its own. */
  readonly originOf: (at: SourcePlace) => Origin | undefined
}

const deepest = 64

type Entry = Readonly<Record<string, unknown>>

/** Where a document begins in a dump. Lines are counted when they are asked for. */
class DumpPlace implements SourcePlace {
  readonly file: string
  readonly isVerbatim: boolean
  readonly #lines: Lines
  readonly #start: number

  constructor(file: string, lines: Lines, start: number, isVerbatim: boolean) {
    this.file = file
    this.#lines = lines
    this.#start = start
    this.isVerbatim = isVerbatim
  }

  get line(): number {
    return this.#lines.position(this.#start).line
  }

  get column(): number {
    return this.#lines.position(this.#start).column
  }
}

/**
 * Reads a dump: what `aws iam get-account-authorization-details` prints. It is read as it is: what AWS would refuse is no
 * problem here. `file` is its name. @throws WorldProblem if it is not such a dump
 */
export function imageOfDump(text: string, file: string): DumpedAccount {
  const root = readDump(text)
  if (root === undefined) {
    const problem = parseJson(text, deepest)
    throw new WorldProblem(
      `The dump is not JSON: ${problem.type === 'problem' ? problem.message : 'a document cannot be read'}`,
    )
  }
  if (!isRecord(root)) throw new WorldProblem('The dump is not an object.')
  return new Reader(file, text, root).read()
}

class Reader {
  readonly #file: string
  readonly #text: string
  readonly #lines: Lines
  readonly #root: Entry
  readonly #awsPolicies = new Map<string, ManagedPolicyImage>()
  readonly #start: SourcePlace

  constructor(file: string, text: string, root: Entry) {
    this.#file = file
    this.#text = text
    this.#lines = new Lines(text)
    this.#root = root
    this.#start = new DumpPlace(file, this.#lines, 0, false)
  }

  read(): DumpedAccount {
    const users = this.#items('UserDetailList').map((entry) => ({
      ...this.#identity(entry, 'User'),
      ...this.#limits(entry),
      groups: listOf(entry.GroupList).flatMap((each) => textOf(each) ?? []),
    }))
    const roles = this.#items('RoleDetailList').map((entry) => ({
      ...this.#identity(entry, 'Role'),
      ...this.#limits(entry),
      ...this.#trust(entry.AssumeRolePolicyDocument),
    }))
    const groups = this.#items('GroupDetailList').map((entry) => this.#identity(entry, 'Group'))
    const policies = this.#items('Policies').flatMap((entry) => this.#managed(entry))
    const { account, partition } = this.#account()
    return {
      image: {
        ...emptyAccount(account, partition, this.#start),
        users,
        roles,
        groups,
        policies,
        instanceProfiles: this.#items('RoleDetailList').flatMap((role) => this.#profiles(role)),
      },
      awsPolicies: this.#awsPolicies,
      originOf: (at) => {
        if (!(at instanceof DumpPlace) || !at.isVerbatim) return undefined
        const { file, line, column } = at
        return { ...(file === '' ? {} : { file }), line, column }
      },
    }
  }

  /** The account of the first ARN. */
  #account(): { readonly account: AccountId; readonly partition: Partition } {
    const lists = ['UserDetailList', 'RoleDetailList', 'GroupDetailList', 'Policies']
    for (const entry of lists.flatMap((name) => this.#items(name))) {
      const arn = textOf(entry.Arn) ?? ''
      const account = parseAccountId(accountOfArn(arn))
      const partition = parsePartition(arn.split(':', 2)[1] ?? '')
      if (account !== undefined && partition !== undefined) return { account, partition }
    }
    throw new WorldProblem('The dump has no user, group, role or policy.')
  }

  #items(name: string): readonly Entry[] {
    return itemsOf(this.#root[name])
  }

  #identity(entry: Entry, kind: 'User' | 'Role' | 'Group'): IdentityImage {
    return {
      ...this.#named(entry, kind),
      inline: itemsOf(entry[`${kind}PolicyList`]).flatMap((each) => this.#inline(each)),
      attached: itemsOf(entry.AttachedManagedPolicies).map((each) => this.#needed(each, 'PolicyArn')),
    }
  }

  #named(entry: Entry, kind: string) {
    const arn = this.#needed(entry, 'Arn')
    const name = this.#needed(entry, `${kind}Name`)
    const id = textOf(entry[`${kind}Id`])
    return { at: this.#start, name, path: pathOf(arn), ...(id === undefined ? {} : { id }) }
  }

  #limits(entry: Entry) {
    const boundary = entry.PermissionsBoundary
    return {
      tags: itemsOf(entry.Tags).map((tag) => ({
        Key: textOf(tag.Key) ?? '',
        Value: textOf(tag.Value) ?? '',
      })),
      boundaryArn: (isRecord(boundary) ? textOf(boundary.PermissionsBoundaryArn) : textOf(boundary)) ?? null,
    }
  }

  /** As in templates, a trust policy has the place of its role. */
  #trust(value: unknown) {
    return value === undefined ? {} : { trust: this.#documentOf(value), at: this.#placeOf(value) }
  }

  #inline(entry: Entry): readonly InlinePolicyImage[] {
    const name = this.#needed(entry, 'PolicyName')
    const value = entry.PolicyDocument
    return value === undefined ? [] : [{ at: this.#placeOf(value), name, document: this.#documentOf(value) }]
  }

  #managed(entry: Entry): readonly ManagedPolicyImage[] {
    const arn = this.#needed(entry, 'Arn')
    const name = this.#needed(entry, 'PolicyName')
    const versions = itemsOf(entry.PolicyVersionList).flatMap((each) => {
      const value = each.Document
      if (value === undefined) return []
      return {
        at: this.#placeOf(value),
        id: this.#needed(each, 'VersionId'),
        document: this.#documentOf(value),
      }
    })
    const defaultVersion = textOf(entry.DefaultVersionId) ?? versions[0]?.id ?? 'v1'
    const policy = { at: this.#start, name, path: pathOf(arn), defaultVersion, versions }
    if (accountOfArn(arn) !== 'aws') return [policy]
    this.#awsPolicies.set(arn, policy)
    return []
  }

  #profiles(role: Entry) {
    return itemsOf(role.InstanceProfileList).map((entry) => ({
      ...this.#named(entry, 'InstanceProfile'),
      role: this.#needed(role, 'RoleName'),
    }))
  }

  #placeOf(value: unknown): SourcePlace {
    return isExtent(value) ? new DumpPlace(this.#file, this.#lines, value.start, true) : this.#start
  }

  #documentOf(value: unknown): string {
    return isExtent(value) ? this.#text.slice(value.start, value.end) : decoded(textOf(value) ?? '')
  }

  #needed(entry: Entry, name: string): string {
    const text = textOf(entry[name])
    if (text === undefined) throw new WorldProblem(`The dump has an entry without ${name}.`)
    return text
  }
}

/** Documents in answers of IAM's API are URL-encoded; the AWS CLI decodes them. */
function decoded(text: string): string {
  if (!text.startsWith('%7B')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The path in the ARN of a user, role, group, policy or instance profile. */
function pathOf(arn: string): string {
  return arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1)
}

function isRecord(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Nothing else is an object where a document is. */
function isExtent(value: unknown): value is Extent {
  return isRecord(value) && typeof value.start === 'number'
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function itemsOf(value: unknown): readonly Entry[] {
  return listOf(value).filter(isRecord)
}
