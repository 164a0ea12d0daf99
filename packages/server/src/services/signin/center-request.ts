import type { Dependencies } from '../../authorization/index.ts'
import type { AccountId, HttpRequest } from '../../base/index.ts'
import { clientDigest, isRegistered, openClient, ownerInStartUrl } from '../../center/index.ts'
import type { Fields } from './fields.ts'

/** A program's checked request to the portal: in its page, sealed, and stored nowhere. */
export interface CenterRequest {
  readonly owner: AccountId
  readonly client: string
  readonly clientName: string
  readonly redirectUri: string
  readonly state: string
  readonly challenge: string
  readonly scopes: readonly string[]
  readonly from: string
  readonly at: number
}

const purpose = 'center-request'
const lifetime = 600_000

/** Reads the query of /authorize; a text says what is wrong: nothing is then sent anywhere (behaviour SSO-63). */
export function readCenterRequest(
  fields: Fields,
  request: HttpRequest,
  deps: Dependencies,
): CenterRequest | string {
  const get = (name: string) => fields.get(name) ?? ''
  const now = deps.clock.now()
  const client = openClient(get('client_id'), now, deps.vault)
  if (get('response_type') !== 'code') return 'response_type must be code.'
  if (client === undefined) return 'client_id is unknown.'
  if (!isRegistered(get('redirect_uri'), client)) return 'redirect_uri was not registered.'
  if (get('code_challenge_method') !== 'S256') return 'code_challenge_method must be S256.'
  if (!/^[\w\-.~]{43,128}$/.test(get('code_challenge')))
    return 'code_challenge must have 43 to 128 characters.'
  if (!/^[\x21-\x7e]{1,512}$/.test(get('state'))) return 'state must have 1 to 512 characters.'
  const scopes = (fields.get('scopes') ?? fields.get('scope') ?? '')
    .split(/[ ,]+/)
    .filter((scope) => scope !== '')
  if (!scopes.every((scope) => client.scopes.includes(scope))) return 'A scope was not registered.'
  const owner = ownerInStartUrl(client.issuer ?? '')
  if (owner === undefined) return 'The client was registered without the address of an instance.'
  return {
    owner: owner === 'house' ? deps.firstAccount : owner,
    client: clientDigest(get('client_id')),
    clientName: client.name,
    redirectUri: get('redirect_uri'),
    state: get('state'),
    challenge: get('code_challenge'),
    // a request that names none asks for those of its registration
    scopes: scopes.length > 0 ? scopes : client.scopes,
    from: request.remoteAddress,
    at: now,
  }
}

export function sealCenterRequest(request: CenterRequest, { vault }: Dependencies): string {
  return vault.sealText(purpose, JSON.stringify(request))
}

/** Returns a sealed request; undefined if it is none, or too old. */
export function openCenterRequest(sealed: string, { vault, clock }: Dependencies): CenterRequest | undefined {
  const text = vault.openText(purpose, sealed)
  if (text === undefined) return undefined
  const request = JSON.parse(text) as CenterRequest // sealed by sealCenterRequest
  return clock.now() < request.at + lifetime ? request : undefined
}
