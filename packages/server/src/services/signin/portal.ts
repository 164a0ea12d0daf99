import type { Dependencies, Origin } from '../../authorization/index.ts'
import { type AccountId, endOfTurn, Fault, type HttpRequest, type HttpResponse } from '../../base/index.ts'
import { atPortal, type PortalWho, portalClient, prefixes, workingAccess } from '../../center/index.ts'
import { type Account, findRole, permissionSets, provisionings, roles } from '../../directory/index.ts'
import { accessToken, exchangeFor } from '../../grants/index.ts'
import type { AccountAccessRuntime, Sso } from '../../model/index.ts'
import { pageAnswer, redirectAnswer, SignInRefusal } from './answers.ts'
import type { Attempts } from './attempts.ts'
import type { DrawMask } from './authorize.ts'
import { centerLogin } from './center-login.ts'
import { openToken } from './console-session.ts'
import { enterConsole } from './federation.ts'
import type { Fields } from './fields.ts'
import type { Perform } from './perform.ts'
import { type Keys, keysPage, type PortalRow, portalPage, portalSignInPage } from './portal-pages.ts'
import { wordsFor } from './text.ts'

const sessionSeconds = 28_800

/** The parts that the portal's page needs. */
export interface PortalParts {
  readonly deps: Dependencies
  readonly perform: Perform
  readonly attempts: Attempts
  readonly drawMask: DrawMask
}

/** `GET /start`: the form of the directory. @param refused why it is shown again */
export function showPortal(
  fields: Fields,
  request: HttpRequest,
  refused?: { readonly status: number; readonly message: string },
): HttpResponse {
  return pageAnswer(refused?.status ?? 200, portalSignInPage(fields, wordsFor(request), refused?.message))
}

/** `POST /signin/portal`: signs in, or does what a button of the page says. */
export async function usePortal(
  fields: Fields,
  request: HttpRequest,
  parts: PortalParts,
): Promise<HttpResponse> {
  const token = fields.get('t') ?? (await enter(fields, request, parts))
  switch (fields.get('action')) {
    case 'wear':
      return wear(token, fields, request, parts)
    case 'keys': {
      const keys = await credentials(token, fields, request, parts)
      const url = `${request.secure ? 'https' : 'http'}://${request.headers.host ?? ''}`
      return pageAnswer(200, keysPage(keys, url, wordsFor(request)))
    }
    case 'leave':
      await call('Logout', { accessToken: token }, request, parts)
      return redirectAnswer('/start')
    default:
      return pageAnswer(200, await page(token, request, parts))
  }
}

/** Begins a session of the portal. Its token is in the page, and in no cookie. */
function enter(fields: Fields, request: HttpRequest, { deps, attempts }: PortalParts): Promise<string> {
  return centerLogin(
    deps.firstAccount,
    fields,
    request,
    attempts,
    deps,
    async ({ userName: _, ...person }, account) => {
      const endsAt = deps.clock.now() + sessionSeconds * 1000
      const who: PortalWho = { ...person, clientName: 'portal' }
      const given = { kind: 'center', client: portalClient, who, endsAt } as const
      const open = exchangeFor(given, () => {}, account, deps)
      await deps.directory.commit([])
      return accessToken(open, account.id, endsAt, prefixes.access)
    },
  )
}

async function page(token: string, request: HttpRequest, parts: PortalParts) {
  const accountList = await everyPage(async (nextToken) => {
    const answer = await call('ListAccounts', { accessToken: token, nextToken }, request, parts)
    const { accountList: items = [], nextToken: next } = answer as Sso.ListAccountsResponse // its own answer
    return { items, next }
  })
  const rows: PortalRow[] = []
  for (const { accountId = '', accountName = '' } of accountList) {
    const roleList = await everyPage(async (nextToken) => {
      const input = { accessToken: token, accountId, nextToken }
      const answer = await call('ListAccountRoles', input, request, parts)
      const { roleList: items = [], nextToken: next } = answer as Sso.ListAccountRolesResponse // its own answer
      return { items, next }
    })
    for (const { roleName = '' } of roleList) {
      const mask = await maskOf(accountId as AccountId, roleName, parts) // of the answer
      const fields = { account: accountId, set: roleName }
      rows.push({ accountId, accountName, name: roleName, fields, mask })
    }
  }
  rows.push(...(await entitledRows(token, request, parts)))
  return portalPage(token, await nameOf(token, parts), rows, wordsFor(request))
}

/** The name of the person of a token. @throws Fault UnauthorizedException */
async function nameOf(token: string, { deps }: PortalParts): Promise<string | undefined> {
  const account = await deps.directory.find(deps.firstAccount)
  if (account === undefined) return undefined
  await deps.directory.findPeople(account.id)
  return atPortal(token, { account, deps }).user.userName
}

/** The roles of the account access manager; none if the organization has no manager (behaviour SSO-188). */
async function entitledRows(
  token: string,
  request: HttpRequest,
  parts: PortalParts,
): Promise<readonly PortalRow[]> {
  const tenantId = await tenantOf(parts.deps)
  if (tenantId === undefined) return []
  const authorization = `Bearer ${token}`
  const roles = await everyPage(async (nextToken) => {
    const answer = await call('ListRoles', { authorization, tenantId, nextToken }, request, parts)
    const { roles: items, nextToken: next } = answer as AccountAccessRuntime.ListRolesResponse // its own answer
    return { items, next }
  })
  return Promise.all(
    roles.map(async ({ accountId, accountName = '', roleArn: role }) => {
      const account = await parts.deps.directory.find(accountId as AccountId) // of the answer
      const foundRole = account && findRole(account, role)
      const mask =
        foundRole === undefined || account === undefined ? '' : await parts.drawMask(foundRole, account)
      return { accountId, accountName, name: role.slice(role.lastIndexOf('/') + 1), fields: { role }, mask }
    }),
  )
}

async function tenantOf({ directory, firstAccount }: Dependencies): Promise<string | undefined> {
  const owner = await directory.find(firstAccount)
  return owner && workingAccess(owner)?.tenant
}

/** The pages of a list that the portal shows: ten at most, a thousand rows. */
const pagesMost = 10

async function everyPage<T>(
  read: (nextToken: string | undefined) => Promise<{
    readonly items: readonly T[]
    readonly next: string | undefined
  }>,
): Promise<readonly T[]> {
  const allItems: T[] = []
  let token: string | undefined
  for (let page = 0; page < pagesMost; page++) {
    await endOfTurn() // each page is a turn of its own: a user may be in thousands of groups
    const { items, next } = await read(token)
    allItems.push(...items)
    if (next === undefined) break
    token = next
  }
  return allItems
}

/** The mask of the role that a set is in an account. */
async function maskOf(id: AccountId, set: string, { deps, drawMask }: PortalParts): Promise<string> {
  const owner = await deps.directory.find(deps.firstAccount)
  const account = await deps.directory.find(id)
  const roleId = owner && provisioned(owner, id, set)
  const role = roleId === undefined ? undefined : account?.table(roles).find(roleId)
  return role === undefined || account === undefined ? '' : drawMask(role, account)
}

function provisioned(owner: Account, id: AccountId, set: string): string | undefined {
  for (const each of owner.table(provisionings).values())
    if (each.account === id && owner.table(permissionSets).find(each.set)?.name === set) return each.roleId
  return undefined
}

/** Puts the mask on in a tab of the console: ConsoleLogin as by the federation endpoint. */
async function wear(
  token: string,
  fields: Fields,
  request: HttpRequest,
  parts: PortalParts,
): Promise<HttpResponse> {
  const { deps } = parts
  const { sessionToken } = await credentials(token, fields, request, parts)
  const given = await openToken(sessionToken, deps)
  if (given === undefined) throw new SignInRefusal(401, 'InvalidRequest', 'The session has ended.')
  return enterConsole(given, undefined, '/', request, deps)
}

async function credentials(
  token: string,
  fields: Fields,
  request: HttpRequest,
  parts: PortalParts,
): Promise<Keys> {
  const roleArn = fields.get('role')
  if (roleArn !== undefined) {
    const tenantId = (await tenantOf(parts.deps)) ?? ''
    const authorization = `Bearer ${token}`
    const input = { authorization, tenantId, roleArn, accessType: 'PROGRAMMATIC_ACCESS' }
    const answer = await call('GetAccessCredentials', input, request, parts)
    const { credentialsDetails } = answer as AccountAccessRuntime.GetRoleCredentialsResponse // its own answer
    const keys = credentialsDetails?.programmaticAccess
    return keys ?? noKeys
  }
  const input = {
    accessToken: token,
    accountId: fields.get('account') ?? '',
    roleName: fields.get('set') ?? '',
  }
  const answer = await call('GetRoleCredentials', input, request, parts)
  const { roleCredentials: given } = answer as Sso.GetRoleCredentialsResponse // its own answer
  return {
    accessKeyId: given?.accessKeyId ?? '',
    secretAccessKey: given?.secretAccessKey ?? '',
    sessionToken: given?.sessionToken ?? '',
    expiresAt: given?.expiration ?? 0,
  }
}

const noKeys: Keys = { accessKeyId: '', secretAccessKey: '', sessionToken: '', expiresAt: 0 }

/** The operations that the page asks, each of its API. */
const asked = {
  ListAccounts: ['sso', 'ListAccounts'],
  ListAccountRoles: ['sso', 'ListAccountRoles'],
  GetRoleCredentials: ['sso', 'GetRoleCredentials'],
  Logout: ['sso', 'Logout'],
  ListRoles: ['account-access-runtime', 'ListRoles'],
  GetAccessCredentials: ['account-access-runtime', 'GetRoleCredentials'],
} as const

/** Asks the portal's API as any client does. @throws SignInRefusal */
async function call(
  what: keyof typeof asked,
  input: Readonly<Record<string, unknown>>,
  request: HttpRequest,
  { perform, deps }: Pick<PortalParts, 'perform' | 'deps'>,
): Promise<unknown> {
  const account = await deps.directory.find(deps.firstAccount)
  if (account === undefined) throw new SignInRefusal(500, 'InternalFailure', 'The first account is gone.')
  const origin: Origin = {
    sourceIp: request.remoteAddress,
    userAgent: request.headers['user-agent'] ?? '',
    host: request.headers.host ?? '',
    secure: request.secure,
  }
  const caller = { kind: 'anonymous', account: account.id } as const
  const [service, operation] = asked[what]
  try {
    return await perform({ service, operation, input, caller, account, origin })
  } catch (error) {
    if (error instanceof Fault) throw new SignInRefusal(error.status ?? 403, error.code, error.message)
    throw error
  }
}
