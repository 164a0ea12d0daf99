import type { Dependencies, Origin } from '../../authorization/index.ts'
import { type AccountId, endOfTurn, Fault, type HttpRequest, type HttpResponse } from '../../base/index.ts'
import { type PortalWho, prefixes } from '../../center/index.ts'
import { type Account, permissionSets, provisionings, roles } from '../../directory/index.ts'
import { accessToken, beginGrant, openGrant } from '../../grants/index.ts'
import type { Sso } from '../../model/index.ts'
import { pageAnswer, redirectAnswer, SignInRefusal } from './answers.ts'
import type { Attempts } from './attempts.ts'
import type { DrawMask } from './authorize.ts'
import { centerLogin } from './center-login.ts'
import { openToken } from './console-session.ts'
import { enterConsole } from './federation.ts'
import type { Fields } from './fields.ts'
import type { Perform } from './perform.ts'
import { keysPage, type PortalRow, portalPage, portalSignInPage } from './portal-pages.ts'
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
      const { roleCredentials } = await credentials(token, fields, request, parts.perform, parts.deps)
      const url = `${request.secure ? 'https' : 'http'}://${request.headers.host ?? ''}`
      return pageAnswer(200, keysPage(roleCredentials ?? {}, url, wordsFor(request)))
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
      const grant = beginGrant({ kind: 'center', client: 'portal', who, endsAt }, account, deps)
      const open = openGrant<PortalWho>(grant, deps)
      await deps.directory.commit([])
      return open === undefined ? '' : accessToken(open, account.id, endsAt, prefixes.access)
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
      rows.push({ accountId, accountName, set: roleName, mask })
    }
  }
  return portalPage(token, rows, wordsFor(request))
}

/** The pages of a list that the portal shows: ten at most, a thousand rows. */
const pagesMost = 10

async function everyPage<T>(
  read: (nextToken: string | undefined) => Promise<{
    readonly items: readonly T[]
    readonly next: string | undefined
  }>,
): Promise<readonly T[]> {
  const found: T[] = []
  let token: string | undefined
  for (let page = 0; page < pagesMost; page++) {
    await endOfTurn() // each page is a turn of its own: a user may be in thousands of groups
    const { items, next } = await read(token)
    found.push(...items)
    if (next === undefined) break
    token = next
  }
  return found
}

/** The mask of the role that a set is in an account. */
async function maskOf(id: AccountId, set: string, { deps, drawMask }: PortalParts): Promise<string> {
  const owner = await deps.directory.find(deps.firstAccount)
  const account = await deps.directory.find(id)
  const found = owner && provisioned(owner, id, set)
  const role = found === undefined ? undefined : account?.table(roles).find(found)
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
  const { roleCredentials } = await credentials(token, fields, request, parts.perform, deps)
  const given = await openToken(roleCredentials?.sessionToken ?? '', deps)
  if (given === undefined) throw new SignInRefusal(401, 'InvalidRequest', 'The session has ended.')
  return enterConsole(given, undefined, '/', request, deps)
}

async function credentials(
  token: string,
  fields: Fields,
  request: HttpRequest,
  perform: Perform,
  deps: Dependencies,
) {
  const input = {
    accessToken: token,
    accountId: fields.get('account') ?? '',
    roleName: fields.get('set') ?? '',
  }
  return (await call('GetRoleCredentials', input, request, {
    perform,
    deps,
  })) as Sso.GetRoleCredentialsResponse // its own answer
}

/** Asks the portal's API as any client does. @throws SignInRefusal */
async function call(
  operation: 'ListAccounts' | 'ListAccountRoles' | 'GetRoleCredentials' | 'Logout',
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
  try {
    return await perform({ service: 'sso', operation, input, caller, account, origin })
  } catch (error) {
    if (error instanceof Fault) throw new SignInRefusal(error.status ?? 403, error.code, error.message)
    throw error
  }
}
