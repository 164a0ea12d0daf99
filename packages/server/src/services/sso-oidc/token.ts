import { type Call, family } from '../../authorization/index.ts'
import { keepLatest, peopleBeside, uuid } from '../../base/index.ts'
import {
  centerCaller,
  clientDigest,
  type OidcClient,
  type PortalWho,
  personOf,
  prefixes,
} from '../../center/index.ts'
import type { Account } from '../../directory/index.ts'
import {
  accessToken,
  type Brought,
  broughtBy,
  byRefreshToken,
  concernsNobody,
  devices,
  exchangeFor,
  Full,
  findCode,
  hashOf,
  isVerifier,
  type OpenGrant,
  openWho,
  readToken,
  refreshToken,
  settleBrought,
  spendCode,
  turnGrant,
} from '../../grants/index.ts'
import type { SsoOidc } from '../../model/index.ts'
import type { CenterCaller } from '../../session/index.ts'
import { oidcFault } from './faults.ts'
import { clientOf, pollSeconds } from './register.ts'

const accessSeconds = 3_600
/** The portal's session (behaviour SSO-62). */
const sessionSeconds = 28_800
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
/** A refresh token that was replaced still counts, for clients side by side. */
const grace = 60_000
const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS'

type Input = SsoOidc.CreateTokenRequest

/** CreateToken: a code, a device code or a refresh token becomes tokens of the portal. */
export const token = family<SsoOidc.Operations>()({
  CreateToken: {
    readOnly: false,
    accounts: (input) => {
      const parts =
        input.refreshToken === undefined
          ? readToken(input.deviceCode ?? input.code ?? '')
          : readToken(input.refreshToken, prefixes.refresh)
      return parts === undefined ? [] : [parts.account, peopleBeside(parts.account)]
    },
    async identify(input, call): Promise<CenterCaller> {
      const presentedGrant = presented(input, clientOf(input, call), call)
      const person = personOf(presentedGrant.who, call.account, call.deps)
      if (person === undefined) throw oidcFault('InvalidGrantException', 'The user is not active')
      const id = 'open' in presentedGrant ? presentedGrant.open.grant.id : uuid(call.deps.random)
      return centerCaller(person, id)
    },
    requests: () => [],
    run(input, call) {
      const client = clientOf(input, call)
      const open = granted(presented(input, client, call), input, call)
      const left = Math.floor((open.grant.endsAt - call.now) / 1000)
      if (left < 1) throw oidcFault('InvalidGrantException', 'The session has ended')
      const renews = client.scopes.length > 0 || client.grants.includes('refresh_token')
      const seconds = renews ? Math.min(accessSeconds, left) : left
      return {
        accessToken: accessToken(open, call.account.id, call.now + seconds * 1000, prefixes.access),
        tokenType: 'Bearer',
        expiresIn: seconds,
        ...(renews && { refreshToken: refreshToken(open, call.account.id, prefixes.refresh) }),
      }
    },
    /** A code or token that comes again ends what it gave (behaviour SSO-64). */
    remains(input, call) {
      settleBrought(brought(input, call), call)
    },
    event(input, output, call) {
      const { grantType, scope } = input
      // a code or a token that was not issued here concerns no account
      if (concernsNobody(call)) return { unrecorded: true }
      const pending = output === undefined && grantType === deviceGrant && !isDenied(input, call)
      return {
        ...(pending && { unrecorded: true }),
        requestParameters: {
          clientId: hashOf(input.clientId),
          clientSecret: hidden,
          grantType,
          ...(input.deviceCode !== undefined && { deviceCode: hidden }),
          ...(input.code !== undefined && {
            code: hidden,
            codeVerifier: hidden,
            redirectUri: input.redirectUri,
          }),
          ...(input.refreshToken !== undefined && { refreshToken: hidden }),
          ...(scope !== undefined && { scope }),
        },
        responseElements:
          output === undefined
            ? null
            : {
                accessToken: hidden,
                tokenType: output.tokenType,
                expiresIn: output.expiresIn,
                ...(output.refreshToken !== undefined && { refreshToken: hidden }),
              },
      }
    },
  },
})

type Presented =
  | { readonly who: PortalWho; readonly spend: (grant: string, account: Account) => void }
  | { readonly who: PortalWho; readonly open: OpenGrant<PortalWho>; readonly isNewest: boolean }

/** The grant of a code or a token. @throws Fault */
function presented(input: Input, client: OidcClient, call: Call): Presented {
  // a client that said which ways it takes has no other (behaviour SSO-101)
  if (client.grants.length > 0 && !client.grants.includes(input.grantType))
    throw oidcFault('UnauthorizedClientException', 'The client was not registered for this grant type')
  switch (input.grantType) {
    case 'authorization_code':
      return byCode(input, call)
    case deviceGrant:
      return byDevice(input, call)
    case 'refresh_token':
      return byToken(input, call)
    default:
      throw oidcFault('UnsupportedGrantTypeException', `${client.name} asked for an unknown grant type`)
  }
}

function byCode({ code: text = '', codeVerifier = '', redirectUri, clientId }: Input, call: Call): Presented {
  const code = findCode(call.account, text, call.now)
  const who = code && openWho<PortalWho>(code.sealed, call.deps)
  const fits =
    code !== undefined &&
    code.spentFor === undefined &&
    code.client === clientDigest(clientId) &&
    code.redirectUri === redirectUri &&
    isVerifier(codeVerifier, code.challenge)
  if (!fits || who === undefined) throw oidcFault('InvalidGrantException', 'Invalid grant provided')
  return { who, spend: (grant, account) => spendCode(code, { id: grant }, account) }
}

/** When each device code was last asked about, on this node. */
const polled = new Map<string, number>()

function byDevice({ deviceCode: text = '', clientId }: Input, call: Call): Presented {
  const { account, now, deps } = call
  const device = account.table(devices).find(hashOf(text))
  if (device === undefined || device.client !== clientDigest(clientId))
    throw oidcFault('InvalidGrantException', 'Invalid device code provided')
  if (now >= device.until) throw oidcFault('ExpiredTokenException', 'The device code has expired')
  if (device.state === 'denied') throw oidcFault('AccessDeniedException', 'The user refused')
  if (device.state === 'pending') {
    const last = polled.get(device.hash)
    keepLatest(polled, device.hash, now, 1_000)
    if (last !== undefined && now !== last && now - last < pollSeconds * 500)
      throw oidcFault('SlowDownException', 'Slow down to the interval')
    throw oidcFault('AuthorizationPendingException', 'Authorization is still pending')
  }
  const who = openWho<PortalWho>(device.sealed ?? '', deps)
  if (who === undefined) throw oidcFault('InvalidGrantException', 'Invalid device code provided')
  return { who, spend: (_grant, owner) => owner.table(devices).delete(device.hash) }
}

function byToken({ refreshToken: text = '', clientId }: Input, call: Call): Presented {
  const known = byRefreshToken<PortalWho>(text, call.account, call.deps, { prefix: prefixes.refresh, grace })
  const open = known?.open
  if (
    known === undefined ||
    open === undefined ||
    known.kind === 'replayed' ||
    open.grant.kind !== 'center' ||
    open.grant.client !== clientDigest(clientId)
  )
    throw oidcFault('InvalidGrantException', 'Invalid refresh token provided')
  return { who: open.who, open, isNewest: known.kind === 'newest' }
}

function granted(found: Presented, { clientId }: Input, call: Call): OpenGrant<PortalWho> {
  const { account, deps, now } = call
  if ('open' in found) return found.isNewest ? turnGrant(found.open, account, now) : found.open
  try {
    const endsAt = now + sessionSeconds * 1000
    const newGrant = { kind: 'center', client: clientDigest(clientId), who: found.who, endsAt } as const
    return exchangeFor(newGrant, ({ id }) => found.spend(id, account), account, deps)
  } catch (error) {
    if (error instanceof Full) throw oidcFault('SlowDownException', 'Too many sessions are open')
    throw error
  }
}

/** The code or token of a refused call. */
function brought(input: Input, call: Call): Brought {
  if (input.grantType !== deviceGrant) return broughtBy(input, call, { prefix: prefixes.refresh, grace })
  const device = call.account.table(devices).find(hashOf(input.deviceCode ?? ''))
  return { isIssued: device !== undefined, ends: undefined }
}

function isDenied({ deviceCode = '' }: Input, { account }: Call): boolean {
  return account.table(devices).find(hashOf(deviceCode))?.state === 'denied'
}
