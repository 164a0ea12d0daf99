import { createPrivateKey } from 'node:crypto'
import { type AccountId, assert } from '../base/index.ts'
import {
  type Account,
  type DeliveredFile,
  type DigestChain,
  type DigestKey,
  digestKeyPurpose,
  digestKeys,
  organizationOf,
  type Trail,
  type TrailDelivery,
  trailArn,
} from '../directory/index.ts'
import { digestFile, type FilePlace, newDigestKey, signatureAlgorithm } from '../trail/index.ts'
import type { DeliveryLog } from './delivery-log.ts'
import type { DeliveryParts } from './parts.ts'

/** The period of one digest: an hour (behaviour TRL-82). */
export const hour = 3_600_000
/** The most digests that one turn writes for hours in which Omen did not run; see `areBehind`. */
const hoursTogether = 100
/** How long a key signs before it is replaced (behaviour TRL-86). */
const keyLife = 30 * 24 * hour

/** A trail during its delivery. `now` is a whole second. */
export interface Signed extends DeliveryParts {
  readonly owner: AccountId
  readonly account: Account
  readonly trail: Trail
  readonly log: DeliveryLog
  readonly now: number
}

/** Delivers a digest for every hour that has ended. The home region has a chain from the start (behaviour TRL-83). */
export async function continueChains(signed: Signed, state: TrailDelivery): Promise<TrailDelivery> {
  const { trail, now } = signed
  if (!trail.validated) return state.chains.length === 0 ? state : closeChains(signed, state)
  if (trail.periods.length === 0) return state
  let next = state.chains.length > 0 ? state : { ...state, chains: [chainAt(signed, state, homeOf(signed))] }
  for (const [index, chain] of next.chains.entries()) {
    let continued = chain
    for (let written = 0; written < hoursTogether && now >= continued.start + hour; written++) {
      continued = await writeDigest(signed, continued, continued.start + hour)
      next = { ...next, digestAt: now }
    }
    next = { ...next, chains: next.chains.with(index, continued) }
  }
  return next
}

/**
 * Returns whether hours that have ended still lack a digest. A file that is delivered now does not belong to them.
 */
export function areBehind(state: TrailDelivery, now: number): boolean {
  return state.chains.some(({ start }) => now >= start + hour)
}

/**
 * Writes a last digest for what is left. After the end of a chain, the next chain begins without a predecessor
 * (behaviour TRL-84).
 */
export async function closeChains(signed: Signed, state: TrailDelivery): Promise<TrailDelivery> {
  const { now } = signed
  for (const chain of state.chains) if (now > chain.start) await writeDigest(signed, chain, now)
  return { ...state, ...(state.chains.length === 0 ? {} : { digestAt: now }), chains: [] }
}

/** Adds a delivered file to the current hour of its region. */
export function withFile(
  signed: Signed,
  state: TrailDelivery,
  place: FilePlace,
  file: DeliveredFile,
): TrailDelivery {
  const { account, region } = place
  const filed = (state.filed ?? 0) + 1
  signed.log.add(place, filed, file)
  if (state.chains.some((each) => each.account === account && each.region === region))
    return { ...state, filed }
  return { ...state, filed, chains: [...state.chains, chainAt(signed, state, { account, region })] }
}

function homeOf({ owner, trail }: Signed) {
  return { account: owner, region: trail.homeRegion }
}

/** Begins a chain. All chains of a trail share their hours; the first begins when logging begins. */
function chainAt(
  { trail, now }: Signed,
  state: TrailDelivery,
  where: { readonly account: AccountId; readonly region: string },
): DigestChain {
  const began = Math.max(trail.periods.at(-1)?.from ?? now, trail.validatedSince ?? 0)
  const start = state.chains[0]?.start ?? Math.floor(began / 1_000) * 1_000
  return { ...where, start, files: [] }
}

/** How S3 encrypts a trail's files. */
export function encryptionOf({ account, trail }: Pick<Signed, 'account' | 'trail'>) {
  return trail.kmsKey === undefined
    ? {}
    : { encryption: { key: trail.kmsKey, trailArn: trailArn(account, trail) } }
}

async function writeDigest(signed: Signed, chain: DigestChain, end: number): Promise<DigestChain> {
  const { trail, account, target } = signed
  const key = await signingKey(signed, chain.region, end)
  const pem = signed.vault.openText(digestKeyPurpose, key.sealedPrivateKey)
  assert(pem !== undefined, 'a digest key of another server')
  const facts = {
    place: {
      prefix: trail.prefix,
      organization: trail.organization ? organizationOf(account)?.id : undefined,
      account: chain.account,
      region: chain.region,
    },
    bucket: trail.bucket,
    trailName: trail.name,
    homeRegion: trail.homeRegion,
    start: chain.start,
    end,
    fingerprint: key.fingerprint,
    files: await signed.log.filesOf(chain),
    previous: chain.previous,
  }
  const file = await digestFile(facts, createPrivateKey(pem))
  const metadata = { signature: file.signature, 'signature-algorithm': signatureAlgorithm }
  await target.put({
    bucket: trail.bucket,
    key: file.key,
    bytes: file.bytes,
    metadata,
    ...encryptionOf(signed),
  })
  signed.log.list(chain)
  const previous = { bucket: trail.bucket, key: file.key, hash: file.hash, signature: file.signature }
  return { ...chain, start: end, files: [], previous }
}

/**
 * Returns the region's key of an instant, and makes and keeps one if there is none. The instant may be long ago if
 * Omen did not run since.
 */
async function signingKey(
  { account, vault, directory }: Signed,
  region: string,
  time: number,
): Promise<DigestKey> {
  const isFit = (key: DigestKey) => key.region === region && key.from <= time && time < key.to
  for (const key of account.table(digestKeys).values()) if (isFit(key)) return key
  const { fingerprint, publicKey, privatePem } = await newDigestKey()
  const key: DigestKey = {
    region,
    fingerprint,
    publicKey,
    sealedPrivateKey: vault.sealText(digestKeyPurpose, privatePem),
    from: time - 24 * hour, // a reader that asks ListPublicKeys for the hours before finds this key
    to: time + keyLife,
  }
  await directory.settle(async () => {
    const fresh = await directory.find(account.id)
    assert(fresh !== undefined, 'an account with trails is gone')
    fresh.table(digestKeys).put(key)
    await directory.commit([])
  })
  return key
}
