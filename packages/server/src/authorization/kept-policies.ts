import { createHash } from 'node:crypto'
import {
  type CompiledSet,
  compile,
  type Grant,
  type Policy,
  type PolicyKind,
  type PolicySet,
  type PolicySource,
  type Source,
} from '@omen-iam/policy'
import { perObject } from '../base/index.ts'
import { resourceDocument, storedDocument } from './documents.ts'

/** A policy of a set: the hash of its document, its use, and its origin. */
type KeptPolicy = readonly [hash: string, kind: PolicyKind, source: Source]

type KeptLayer = readonly KeptPolicy[]

/** A set of policies as records store it: the documents are separate. */
export interface KeptPolicies {
  readonly identity?: KeptLayer
  readonly boundary?: KeptLayer
  readonly session?: KeptLayer
  readonly resource?: KeptLayer
  readonly grant: Grant
  readonly scp?: readonly KeptLayer[]
  readonly rcp?: readonly KeptLayer[]
  readonly endpoint?: KeptLayer
}

type Layer = NonNullable<CompiledSet['identity']>

/** Returns the stored form of the set, and adds its documents to `documents` by their hashes. */
export function keepPolicies(set: CompiledSet, documents: Map<string, string>): KeptPolicies {
  const kept = ({ policies }: Layer): KeptLayer =>
    policies.map(({ policy, source }) => {
      const hash = hashOf(policy)
      documents.set(hash, policy.text)
      return [hash, policy.kind, source]
    })
  const { identity, boundary, session, resource, grant, scp, rcp, endpoint } = set
  return {
    ...(identity && { identity: kept(identity) }),
    ...(boundary && { boundary: kept(boundary) }),
    ...(session && { session: kept(session) }),
    ...(resource && { resource: kept(resource) }),
    grant,
    ...(scp && { scp: scp.map(kept) }),
    ...(rcp && { rcp: rcp.map(kept) }),
    ...(endpoint && { endpoint: kept(endpoint) }),
  }
}

/** Returns the set, from the same texts; undefined if one of them is missing or cannot be parsed. */
export function revivePolicies(
  kept: KeptPolicies,
  documents: ReadonlyMap<string, string>,
): CompiledSet | undefined {
  let isWhole = true
  const revived = (layer: KeptLayer): PolicySource[] =>
    layer.flatMap(([hash, kind, source]) => {
      const text = documents.get(hash)
      const policy = text === undefined ? undefined : read(text, kind)
      if (policy !== undefined) return [{ policy, source }]
      isWhole = false
      return []
    })
  const { identity, boundary, session, resource, grant, scp, rcp, endpoint } = kept
  const [brought] = resource === undefined ? [] : revived(resource)
  const set: PolicySet = {
    identity: identity && revived(identity),
    boundary: boundary && revived(boundary),
    session: session && revived(session),
    ...(resource === undefined
      ? {}
      : { resource: { grant, ...(brought === undefined ? {} : { source: brought }) } }),
    scp: scp?.map(revived),
    rcp: rcp?.map(revived),
    endpoint: endpoint && revived(endpoint),
  }
  return isWhole ? compile(set) : undefined
}

function read(text: string, kind: PolicyKind): Policy | undefined {
  return kind === 'resource' || kind === 'key' || kind === 'trust'
    ? resourceDocument(text, kind)
    : storedDocument(text, kind)
}

/** 128 bits of SHA-256: two texts with the same hash cannot be made. */
const hashLength = 22

const hashOf = perObject((policy: Policy) => textHash(policy.text))

/** Returns the hash of a stored document. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, hashLength)
}
