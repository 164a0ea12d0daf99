import { createHash } from 'node:crypto'
import { knownPolicies } from './known-policies.ts'
import { openPack } from './pack.ts'
import { recent } from './recent.ts'

/** An AWS managed policy, as every account sees it. */
export interface AwsManagedPolicy {
  readonly name: string
  /** Begins and ends with a slash. */
  readonly path: string
  readonly arn: string
  readonly id: string
  /** Only for the best-known ones. */
  readonly description: string | undefined
  /** Whether it may be attached; only their service attaches those of service-linked roles. */
  readonly attachable: boolean
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly updatedAt: number
  /** `v1` …; older versions are not kept. */
  readonly defaultVersion: string
  /** The text of the default version, unpacked on access. */
  readonly document: string
}

/** All AWS managed policies. */
export interface ManagedPolicyCatalogue {
  /** Returns the policy of this ARN, compared exactly. */
  find(arn: string): AwsManagedPolicy | undefined
  /** Returns all policies by name. */
  list(): readonly AwsManagedPolicy[]
}

/** The index of managed-policies.pack. */
export interface ManagedPolicyIndex {
  readonly paths: readonly string[]
  /** The number of documents in a section. */
  readonly perSection: number
  /** Name, number of its path, number of its version, created and updated in seconds, length of its text. */
  readonly rows: readonly (readonly [string, number, number, number, number, number])[]
}

const sectionsKept = 8
/** An account's own few are asked for after each change of its permissions. */
const documentsKept = 64

const catalogues = new Map<string, ManagedPolicyCatalogue>()

/**
 * AWS's managed policies in the form of a partition (behaviour PAR-6). The index is read at the first call, documents
 * on request.
 */
export function managedPolicies(partition = 'aws'): ManagedPolicyCatalogue {
  const known = catalogues.get(partition)
  if (known !== undefined) return known
  const catalogue = open(partition)
  catalogues.set(partition, catalogue)
  return catalogue
}

/** The ARNs of AWS's managed policies that may be attached. */
export function attachablePolicies(partition: string): readonly string[] {
  return managedPolicies(partition)
    .list()
    .flatMap(({ arn, attachable }) => (attachable ? arn : []))
}

function open(partition: string): ManagedPolicyCatalogue {
  const pack = openPack<ManagedPolicyIndex>('managed-policies.pack')
  const { paths, perSection, rows } = pack.index
  const section = recent(sectionsKept, (number: number) => pack.section(number))
  const document = recent(documentsKept, (compact: () => string) => written(compact(), partition))
  const policies: AwsManagedPolicy[] = []
  let offset = 0
  for (const [number, [name, path, version, created, updated, length]] of rows.entries()) {
    if (number % perSection === 0) offset = 0
    const start = offset
    offset += length
    policies.push(
      new Policy(
        partition,
        name,
        paths[path]!,
        version,
        created,
        updated,
        () => section(Math.floor(number / perSection)).slice(start, start + length),
        document,
      ),
    )
  }
  const byArn = new Map(policies.map((policy) => [policy.arn, policy]))
  return { find: (arn) => byArn.get(arn), list: () => policies }
}

class Policy implements AwsManagedPolicy {
  readonly name: string
  readonly path: string
  readonly arn: string
  readonly attachable: boolean
  readonly createdAt: number
  readonly updatedAt: number
  readonly defaultVersion: string
  readonly #compact: () => string
  readonly #document: (compact: () => string) => string

  constructor(
    partition: string,
    name: string,
    path: string,
    version: number,
    created: number,
    updated: number,
    compact: () => string,
    document: (compact: () => string) => string,
  ) {
    this.name = name
    this.path = path
    this.arn = `arn:${partition}:iam::aws:policy${path}${name}`
    this.attachable = path !== '/aws-service-role/'
    this.createdAt = created * 1000
    this.updatedAt = updated * 1000
    this.defaultVersion = `v${version}`
    this.#compact = compact
    this.#document = document
  }

  get id(): string {
    return knownPolicies.get(this.path + this.name)?.id ?? idOf(this.path + this.name)
  }

  get description(): string | undefined {
    return knownPolicies.get(this.path + this.name)?.description
  }

  get document(): string {
    return this.#document(this.#compact)
  }
}

/** Returns a document indented by two, as AWS writes its best-known policies (behaviour CAT-1). */
function written(compact: string, partition: string): string {
  const text = compact.replaceAll('arn:aws:', `arn:${partition}:`)
  return JSON.stringify(JSON.parse(text), undefined, 2)
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An id that is the same in every Omen, after the prefix that AWS's account has (behaviour CAT-2). */
function idOf(pathAndName: string): string {
  const digest = createHash('sha256').update(`arn:aws:iam::aws:policy${pathAndName}`).digest()
  let id = 'ANPAZKAPJZG4'
  for (let i = 0; i < 9; i++) id += alphabet[digest[i]! & 31]!
  return id
}
