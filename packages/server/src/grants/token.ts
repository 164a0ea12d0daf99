import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type AccountId, parseAccountId, type Random } from '../base/index.ts'

/**
 * The text of a code or token: the account, the id of its grant, a number, and 32 bytes that nobody guesses. Any node
 * finds the account and the grant without an index.
 */
export interface TokenParts {
  readonly account: AccountId
  /** 16 bytes, base64url. */
  readonly grant: string
  /** The turn of a refresh token; the end of an access token in seconds. */
  readonly number: number
  readonly proof: Buffer
}

const bytes = { account: 6, grant: 16, number: 6, proof: 32 } as const
const length = bytes.account + bytes.grant + bytes.number + bytes.proof

/** Returns a new id of a grant. */
export function newGrantId(random: Random): string {
  return Buffer.from(random.bytes(bytes.grant)).toString('base64url')
}

/** Writes a token. */
export function tokenText({ account, grant, number, proof }: TokenParts, prefix = ''): string {
  const head = Buffer.alloc(bytes.account)
  head.writeUIntBE(Number(account), 0, bytes.account)
  const count = Buffer.alloc(bytes.number)
  count.writeUIntBE(number, 0, bytes.number)
  return prefix + Buffer.concat([head, Buffer.from(grant, 'base64url'), count, proof]).toString('base64url')
}

/** Reads a token; undefined if the text is none. It may be forged: `isProof` says so. */
export function readToken(text: string, prefix = ''): TokenParts | undefined {
  if (!text.startsWith(prefix)) return undefined
  const body = text.slice(prefix.length)
  // one text a token: base64url in its shortest form
  if (body.length !== (length / 3) * 4 || !/^[\w-]+$/.test(body)) return undefined
  const read = Buffer.from(body, 'base64url')
  const account = parseAccountId(read.readUIntBE(0, bytes.account).toString().padStart(12, '0'))
  if (account === undefined) return undefined
  const grantAt = bytes.account
  const numberAt = grantAt + bytes.grant
  return {
    account,
    grant: read.subarray(grantAt, numberAt).toString('base64url'),
    number: read.readUIntBE(numberAt, bytes.number),
    proof: read.subarray(numberAt + bytes.number),
  }
}

/** Returns the unguessable part of a token of a grant: it follows from the grant's seed, so that none is stored. */
export function proofOf(seed: string, kind: 'refresh' | 'access', number: number): Buffer {
  return createHmac('sha256', Buffer.from(seed, 'base64url')).update(`${kind} ${number}`).digest()
}

/** Compares in constant time. */
export function isProof({ number, proof }: TokenParts, seed: string, kind: 'refresh' | 'access'): boolean {
  return timingSafeEqual(proof, proofOf(seed, kind, number))
}

/** SHA-256, base64url: what is stored of a code. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** Returns whether a verifier fits a challenge of the method S256 (RFC 7636). */
export function isVerifier(verifier: string, challenge: string): boolean {
  const [made, asked] = [Buffer.from(hashOf(verifier)), Buffer.from(challenge)]
  return made.length === asked.length && timingSafeEqual(made, asked)
}
