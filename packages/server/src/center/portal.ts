import type { Call, Dependencies } from '../authorization/index.ts'
import { type AccountId, type FaultReason, fault } from '../base/index.ts'
import { type Account, type CenterUser, loginProfiles } from '../directory/index.ts'
import { byAccessToken, type OpenGrant, readToken } from '../grants/index.ts'
import type { CenterCaller } from '../session/index.ts'
import { enabledUser } from './lending.ts'
import { type CenterPlace, identityStoreArn, ownPlace } from './place.ts'

/** The person of a grant of the portal. */
export interface PortalWho {
  readonly owner: AccountId
  readonly user: string
  /** When the password was set; 0 if there is none. */
  readonly passwordSetAt: number
  readonly clientName: string
  /** The scopes that the program asked for; absent of one that asked for none, and of the portal's own page. */
  readonly scopes?: readonly string[]
}

/** The scopes of tokens: the first is the access portal's, the others are those of the account access manager. */
export const portalScopes = [
  'sso:account:access',
  'account_access:read_only',
  'account_access:assume',
] as const

export type PortalScope = (typeof portalScopes)[number]

/** The beginnings of the portal's tokens. */
export const prefixes = { access: 'aoa', refresh: 'aor' } as const

/** The account in a token of the portal. */
export function ownerInToken(token: string): AccountId | undefined {
  return readToken(token, prefixes.access)?.account
}

/** A person at the portal. */
export interface AtPortal {
  readonly place: CenterPlace
  readonly user: CenterUser
  readonly open: OpenGrant<PortalWho>
}

/** Returns the person of an access token at the access portal now. @throws Fault UnauthorizedException */
export function atPortal(token: string, call: Pick<Call, 'account' | 'deps'>): AtPortal {
  const person = byToken(token, call)
  // a token of the account access manager alone is none of the portal (behaviour SSO-181)
  if (isOnlyAccess(person.open.who)) throw unauthorized({ kind: 'noSession', names: {} })
  return person
}

/**
 * Returns the person of an access token at the account access manager now. @param scope which scope the token must have, if
 * any @throws Fault UnauthorizedException, AccessDeniedException
 */
export function accessAtPortal(
  token: string,
  scope: PortalScope | undefined,
  call: Pick<Call, 'account' | 'deps'>,
): AtPortal {
  const person = byToken(token, call)
  const { scopes } = person.open.who
  const isPage = person.open.grant.client === portalClient
  if (scope !== undefined && !isPage && scopes?.includes(scope) !== true)
    throw fault(
      'AccessDeniedException',
      `The token has not the scope ${scope}.`,
      403,
      {},
      {
        kind: 'noScope',
        names: { scope },
      },
    )
  return person
}

/** The client of the portal's own page, whose tokens are good for all that the page shows. */
export const portalClient = 'portal'

function isOnlyAccess({ scopes = [] }: PortalWho): boolean {
  return scopes.some((scope) => scope.startsWith('account_access:')) && !scopes.includes(portalScopes[0])
}

function byToken(token: string, { account, deps }: Pick<Call, 'account' | 'deps'>): AtPortal {
  const open = byAccessToken<PortalWho>(token, account, deps, prefixes.access)
  const found = open?.grant.kind === 'center' ? personOf(open.who, account, deps) : undefined
  if (open === undefined || found === undefined) {
    const because =
      open === undefined
        ? { kind: 'noSession', names: {} }
        : { kind: 'noUser', names: { user: open.who.user } }
    throw unauthorized(because)
  }
  return { ...found, open }
}

function unauthorized(because: FaultReason) {
  return fault('UnauthorizedException', 'Session token not found or invalid', 401, {}, because)
}

/** Returns the person that a grant is of; undefined if disabled, deleted, or the password is another one since. @throws AccountNotLoaded */
export function personOf(
  who: PortalWho,
  owner: Account,
  deps: Pick<Dependencies, 'directory'>,
): Pick<AtPortal, 'place' | 'user'> | undefined {
  const place = ownPlace(owner, deps)
  const user = place && enabledUser(place, who.user)
  if (place === undefined || user === undefined) return undefined
  const { passwordSetAt = 0 } = place.people.table(loginProfiles).find(user.id) ?? {}
  return passwordSetAt === who.passwordSetAt ? { place, user } : undefined
}

/** The person as events name it. */
export function centerCaller(
  { place: { center, owner }, user }: Pick<AtPortal, 'place' | 'user'>,
  credentialId: string,
): CenterCaller {
  return {
    kind: 'center',
    account: owner.id,
    userId: user.id,
    userName: user.userName,
    storeArn: identityStoreArn(center, owner),
    credentialId,
  }
}
