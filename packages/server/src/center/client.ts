import { createHash } from 'node:crypto'
import type { Vault } from '../base/index.ts'

/** A registered client of OIDC. Its id is this, sealed: nothing is stored of it. */
export interface OidcClient {
  readonly name: string
  readonly redirects: readonly string[]
  readonly scopes: readonly string[]
  readonly grants: readonly string[]
  readonly issuer?: string
  readonly until: number
}

const idPurpose = 'oidc-client'
const secretPurpose = 'oidc-secret'

/** Returns the id and the secret of a new client. */
export function sealClient(
  client: OidcClient,
  vault: Vault,
): { readonly id: string; readonly secret: string } {
  const id = vault.sealText(idPurpose, JSON.stringify(client))
  return { id, secret: vault.sealText(secretPurpose, digest(id)) }
}

/** Returns the client of an id; undefined if it was not registered here, or too long ago. */
export function openClient(id: string, now: number, vault: Vault): OidcClient | undefined {
  const text = vault.openText(idPurpose, id)
  if (text === undefined) return undefined
  const client = JSON.parse(text) as OidcClient // sealed by sealClient
  return now < client.until ? client : undefined
}

/** Returns whether a secret belongs to a client. */
export function isSecretOf(id: string, secret: string, vault: Vault): boolean {
  return vault.openText(secretPurpose, secret) === digest(id)
}

function digest(id: string): string {
  return createHash('sha256').update(id).digest('base64url')
}

/** The name of a client in codes and grants: ids are long. */
export function clientDigest(id: string): string {
  return digest(id)
}

/** Whether an address is one of those that were registered, but for the port of a loopback address (RFC 8252, 7.3). */
export function isRegistered(redirect: string, { redirects }: OidcClient): boolean {
  if (!URL.canParse(redirect)) return false // a port above 65535
  return redirects.some((each) => each === redirect || isSameLoopback(each, redirect))
}

function isSameLoopback(registered: string, given: string): boolean {
  const pattern = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::[1-9]\d{0,4})?(\/[\w\-./~]*)?$/
  const [a, b] = [pattern.exec(registered), pattern.exec(given)]
  return a !== null && b !== null && a[1] === b[1] && (a[2] ?? '/') === (b[2] ?? '/')
}

/** Whether an address may be registered: https, loopback, or a private scheme of an app. */
export function mayRegister(redirect: string): boolean {
  if (redirect.length > 2_048 || !URL.canParse(redirect) || /[\s\\#]/.test(redirect)) return false
  const { protocol, hostname, username, password } = new URL(redirect)
  if (username !== '' || password !== '') return false
  if (protocol === 'http:') return ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
  return protocol === 'https:' || /^[a-z][a-z0-9+-]*\.[a-z0-9.+-]+:$/.test(protocol)
}
