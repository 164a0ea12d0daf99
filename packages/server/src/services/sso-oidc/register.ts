import { type Call, family, otherAccount } from '../../authorization/index.ts'
import { type AccountId, Failures, perObject, type Random } from '../../base/index.ts'
import {
  isSecretOf,
  mayRegister,
  type OidcClient,
  openClient,
  ownerInStartUrl,
  portalScopes,
  sealClient,
} from '../../center/index.ts'
import { centerOf, type Directory } from '../../directory/index.ts'
import { devices, Full, hashOf, makeRoom, most, newSecretText } from '../../grants/index.ts'
import type { SsoOidc } from '../../model/index.ts'
import { oidcFault } from './faults.ts'

const registered = 7_776_000_000
const scopesKnown: readonly string[] = [...portalScopes, 'openid', 'aws']
const grantTypes = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code']
/** A device code is good for ten minutes, and may be asked about each second. */
export const deviceSeconds = 600
export const pollSeconds = 1

/** Devices that an address may begin within a minute, on this node. */
const askedMost = 20
const askedOf = perObject((_house: Directory) => new Failures(60_000, 10_000))
/** Devices of one address that wait: with twenty a minute, one address could otherwise take the room of all. */
const waitingMost = 40

/** Clients and device codes: both come from strangers. */
export const registration = family<SsoOidc.Operations>()({
  RegisterClient: {
    readOnly: false,
    unrecorded: true,
    requests: () => [],
    run(input, call) {
      const { deps, now } = call
      const {
        clientName: name,
        scopes = [],
        redirectUris: redirects = [],
        grantTypes: grants = [],
        issuerUrl: issuer,
      } = input
      if (input.clientType !== 'public')
        throw oidcFault('InvalidClientMetadataException', 'Invalid client type: it must be public')
      if (name.length > 128 || (issuer?.length ?? 0) > 512)
        throw oidcFault('InvalidClientMetadataException', 'The client is described too long')
      if (!scopes.every((scope) => scopesKnown.includes(scope)))
        throw oidcFault('InvalidScopeException', 'Invalid scopes requested')
      if (redirects.length > 10 || !redirects.every(mayRegister))
        throw oidcFault('InvalidRedirectUriException', 'Invalid redirect uri')
      if (!grants.every((grant) => grantTypes.includes(grant)))
        throw oidcFault('UnsupportedGrantTypeException', 'Unsupported grant type')
      const until = now + registered
      const client = { name, redirects, scopes, grants, until, ...(issuer !== undefined && { issuer }) }
      const { id, secret } = sealClient(client, deps.vault)
      const base = `${call.origin.secure ? 'https' : 'http'}://${call.origin.host}`
      return {
        clientId: id,
        clientSecret: secret,
        clientIdIssuedAt: Math.floor(now / 1000),
        clientSecretExpiresAt: Math.floor(until / 1000),
        authorizationEndpoint: `${base}/authorize`,
        tokenEndpoint: `${base}/token`,
      }
    },
  },
  StartDeviceAuthorization: {
    readOnly: false,
    unrecorded: true,
    requests: () => [],
    accounts: ({ startUrl }, call) => ownersOf(startUrl, call),
    run(input, call) {
      const { deps, now, origin } = call
      const client = clientOf(input, call)
      const requestsByAddress = askedOf(deps.directory)
      if (requestsByAddress.of(origin.sourceIp, now) >= askedMost)
        throw oidcFault('SlowDownException', 'Too many devices were begun from this address')
      requestsByAddress.add(origin.sourceIp, now)
      const [id] = ownersOf(input.startUrl, call)
      const owner = id && otherAccount(call, id)
      const center = owner && centerOf(owner)
      if (owner === undefined || center === undefined)
        throw oidcFault('InvalidRequestException', 'The start URL is not that of an instance')
      const table = owner.table(devices)
      const waits = table.values().filter(({ from, until }) => from === origin.sourceIp && until > now)
      if (waits.toArray().length >= waitingMost)
        throw oidcFault('SlowDownException', 'Too many devices of this address wait')
      try {
        makeRoom(table, most.devices, now, ({ hash, until }) => ({ key: hash, until }))
      } catch (error) {
        if (error instanceof Full) throw oidcFault('SlowDownException', 'Too many devices wait')
        throw error
      }
      const deviceCode = newSecretText(owner.id, deps)
      const userCode = newUserCode(deps.random)
      table.put({
        hash: hashOf(deviceCode),
        userCode,
        client: hashOf(input.clientId),
        clientName: client.name,
        scopes: client.scopes,
        from: origin.sourceIp,
        agent: origin.userAgent.slice(0, 256),
        startedAt: now,
        until: now + deviceSeconds * 1000,
        state: 'pending',
      })
      const uri = `${origin.secure ? 'https' : 'http'}://${origin.host}/signin/device?directory=${center.storeId}`
      return {
        deviceCode,
        userCode,
        verificationUri: uri,
        verificationUriComplete: `${uri}&user_code=${userCode}`,
        expiresIn: deviceSeconds,
        interval: pollSeconds,
      }
    },
  },
})

/** Returns the client of a request. @throws Fault */
export function clientOf(
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
  { deps: { vault }, now }: Call,
): OidcClient {
  const client = openClient(clientId, now, vault)
  if (client === undefined || !isSecretOf(clientId, clientSecret, vault))
    throw oidcFault('InvalidClientException', 'The client is unknown, or its secret is wrong')
  return client
}

function ownersOf(startUrl: string, { deps }: Call): readonly AccountId[] {
  const owner = ownerInStartUrl(startUrl)
  if (owner === undefined) return []
  return [owner === 'house' ? deps.firstAccount : owner]
}

/** Eight consonants, which make no words. */
function newUserCode(random: Random): string {
  const letters = 'BCDFGHJKLMNPQRSTVWXZ'
  const text = [...random.bytes(32)]
    .filter((byte) => byte < 240)
    .slice(0, 8)
    .map((byte) => letters[byte % 20])
    .join('')
  return `${text.slice(0, 4)}-${text.slice(4)}`
}
