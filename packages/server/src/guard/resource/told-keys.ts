import {
  type AccessRequest,
  type Allowance,
  type Call,
  type ContextKeys,
  type Judged,
  judgeNow,
} from '../../authorization/index.ts'
import { accountInArn, parseArn } from '../../base/index.ts'
import { NoReply } from '../ask.ts'
import type { IdentifiedCall, IsUnknowable } from '../catalogue/index.ts'
import type { BucketFacts } from './bucket-facts.ts'
import { lockKeys, takesDefaultLock } from './lock-keys.ts'
import { keysOfTags, type Tags } from './tags/read-tags.ts'
import type { ResourceTags } from './tags/tags.ts'

/** A question whose resource may be asked for more. */
export interface OpenRequest {
  /** With `unknowable` as what is unknown of it. */
  readonly access: AccessRequest
  readonly found: IdentifiedCall
  /** The ARN of the access point through which the call reaches the bucket. */
  readonly throughPoint?: string | undefined
  /** Returns whether the guard cannot know a key of it. */
  readonly unknowable: IsUnknowable
}

/** Condition keys whose values the upstream gives, and how they are read. */
interface Source {
  covers(key: string): boolean
  /** Undefined if the upstream does not give them. */
  read(open: OpenRequest, call: Call): Promise<ContextKeys | undefined>
}

/** Questions with what was read, and why something could not be read. */
export interface Told {
  readonly requests: readonly AccessRequest[]
  readonly failures: readonly string[]
  readonly allowance: Allowance | undefined
  /** Whether the policies deny the call, as far as is known now. */
  readonly isDenied: boolean
}

/** Each source is read once; a statement may ask for another one only after the first is known. */
const mostRounds = 4

/**
 * Condition keys that only the upstream knows, read where a policy in play asks for one and the answer depends on it
 * (behaviour GRD-142).
 */
export class ToldKeys {
  readonly #sources: readonly Source[]

  constructor(tags: ResourceTags, facts: BucketFacts) {
    this.#sources = [
      {
        covers: (key) => isTagKey(key) && !key.startsWith('s3:existingobjecttag/'),
        read: (open, call) => tagKeys(open, call, tags, facts),
      },
      {
        covers: (key) => key.startsWith('s3:existingobjecttag/'),
        read: ({ access }, call) => objectTagKeys(access, call, facts),
      },
      {
        covers: (key) => key.startsWith('s3:object-lock-'),
        read: (open, call) => lockKeysOf(open, call, facts),
      },
    ]
  }

  /** The questions with the keys that decide them. Every question is read for at once, each source once. */
  async complete(open: readonly OpenRequest[], call: Call): Promise<Told> {
    const failures = new Set<string>()
    let states: readonly State[] = open
    for (let round = 0; ; round++) {
      const { judged, allowance } = judgeNow(states.map(accessOf), call)
      const isDenied = judged.some(({ decision }) => decision.outcome !== 'allowed')
      const wanted = isDenied ? states.map((state, index) => this.#wanted(state, judged[index]!)) : [] // one for each
      if (round === mostRounds || wanted.every((sources) => sources.length === 0))
        return { requests: states.map(accessOf), failures: [...failures], allowance, isDenied }
      states = await Promise.all(
        states.map((state, index) => this.#read(state, wanted[index]!, call, failures)), // as before
      )
    }
  }

  /** The sources whose keys leave a denied question open. */
  #wanted({ told }: State, { decision, request }: Judged): readonly Source[] {
    if (decision.outcome === 'allowed') return []
    const missed = [...request.context.missed]
    return this.#sources.filter((source) => !told?.has(source) && missed.some((key) => source.covers(key)))
  }

  async #read(state: State, sources: readonly Source[], call: Call, failures: Set<string>): Promise<State> {
    if (sources.length === 0) return state
    const read = await Promise.all(
      sources.map(async (source): Promise<ContextKeys | undefined> => {
        try {
          return await source.read(state, call)
        } catch (error) {
          if (!(error instanceof NoReply)) throw error
          failures.add(`What the upstream knows of ${state.access.resource} cannot be read: ${error.message}`)
          return undefined
        }
      }),
    )
    const known = new Set(sources.filter((_, index) => read[index] !== undefined))
    const context = Object.assign({}, ...read, state.access.context) as ContextKeys // keys of the request count first
    const unknowable: IsUnknowable = (key) =>
      state.unknowable(key) && ![...known].some((source) => source.covers(key))
    const access = { ...state.access, context, isUnknown: unknowable }
    return { ...state, access, unknowable, told: new Set([...(state.told ?? []), ...sources]) }
  }
}

interface State extends OpenRequest {
  /** The sources that were read. */
  readonly told?: ReadonlySet<Source>
}

function accessOf({ access }: State): AccessRequest {
  return access
}

/** Returns whether a key, in lower case, is about a tag of a resource. */
export function isTagKey(key: string): boolean {
  return /^(?:[\w-]+:(?:resourcetag|[a-z-]+-tag)\/|s3:(?:buckettag|accesspointtag|existingobjecttag)\/)/.test(
    key,
  )
}

async function tagKeys(
  open: OpenRequest,
  call: Call,
  tags: ResourceTags,
  facts: BucketFacts,
): Promise<ContextKeys | undefined> {
  const { access } = open
  const parts = parseArn(access.resource)
  if (parts === undefined) return undefined
  if (parts.service === 's3') return s3TagKeys(open, call, facts)
  const own = await tags.of(access, { account: call.account.id, region: call.region, now: call.now })
  const { service } = parts
  return (
    own && keysOfTags(own, ['aws:ResourceTag/', `${service}:ResourceTag/`, ...(ownFamilies(access) ?? [])])
  )
}

/** Amazon RDS has a key for each kind of resource: rds:db-tag, rds:cluster-tag. */
function ownFamilies({ resource }: AccessRequest): readonly string[] | undefined {
  const [, kind] = /^arn:[^:]*:rds:[^:]*:[^:]*:([a-z-]+):/.exec(resource) ?? []
  return kind === undefined ? undefined : [`rds:${kind}-tag/`]
}

async function s3TagKeys(
  { access: { resource, resourceAccount }, throughPoint }: OpenRequest,
  call: Call,
  facts: BucketFacts,
): Promise<ContextKeys | undefined> {
  const point = pointIn(resource) ?? throughPoint
  const asker = { owner: resourceAccount ?? accountInArn(resource) ?? call.account.id, now: call.now }
  if (point === undefined) {
    const tags = await facts.tags(bucketIn(resource), asker)
    return tags && keysOfTags(tags, ['aws:ResourceTag/', 's3:BucketTag/'])
  }
  const of = throughPoint === undefined ? await facts.bucketOf(point, asker) : { bucket: bucketIn(resource) }
  if (of === 'unknown') return undefined
  const none: Tags = new Map()
  const [ofPoint, ofBucket] = await Promise.all([
    facts.pointTags(point, asker),
    of === undefined ? none : facts.tags(of.bucket, asker),
  ])
  if (ofPoint === undefined || ofBucket === undefined) return undefined
  return {
    ...keysOfTags(ofPoint, ['s3:AccessPointTag/']),
    ...keysOfTags(ofBucket, ['s3:BucketTag/']),
    ...keysOfTags(throughPoint === undefined ? ofPoint : ofBucket, ['aws:ResourceTag/']),
  }
}

async function objectTagKeys(access: AccessRequest, call: Call, facts: BucketFacts) {
  const object = objectIn(access)
  if (object === undefined) return undefined
  const asker = { owner: access.resourceAccount ?? call.account.id, now: call.now }
  const tags = await facts.objectTags(object, asker)
  return tags && keysOfTags(tags, ['s3:ExistingObjectTag/'])
}

async function lockKeysOf({ access, found }: OpenRequest, call: Call, facts: BucketFacts) {
  const object = objectIn(access)
  if (object === undefined) return undefined
  const asker = { owner: access.resourceAccount ?? call.account.id, now: call.now }
  const configured = takesDefaultLock(found) ? await facts.lock(object.bucket, asker) : undefined
  return lockKeys(found, configured, call.now)
}

/** The bucket in an ARN of it or of an object. */
function bucketIn(arn: string): string {
  return parseArn(arn)?.resource.split('/', 1)[0] ?? ''
}

/** The object in an ARN, with the version that is asked for. */
function objectIn({ resource, context }: AccessRequest) {
  const parts = parseArn(resource)
  const slash = parts?.resource.indexOf('/') ?? -1
  if (parts === undefined || parts.account !== '' || slash < 0 || /[*?]/.test(parts.resource))
    return undefined
  const [, version] =
    Object.entries(context ?? {}).find(([key]) => key.toLowerCase() === 's3:versionid') ?? []
  return {
    bucket: parts.resource.slice(0, slash),
    key: parts.resource.slice(slash + 1),
    version: typeof version === 'string' ? version : undefined,
  }
}

/** The ARN of the access point in the ARN of what is behind it. */
export function pointIn(arn: string): string | undefined {
  return /^arn:[^:]*:s3:[^:]*:\d{12}:accesspoint\/[^/]+/.exec(arn)?.[0]
}
