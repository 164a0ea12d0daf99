import { type Call, family, otherAccount } from '../../authorization/index.ts'
import { Failures, type Fault, factsOf, fault, perObject, uuid } from '../../base/index.ts'
import type { Account, Directory } from '../../directory/index.ts'
import { Full, makeRoom, most, type PublicClient, publicClients } from '../../grants/index.ts'
import type { Signin } from '../../model/index.ts'
import { externalId, oauthFault } from './oauth-client.ts'
import { isAllowedRedirect, redirectHash } from './redirects.ts'

/** A registration lasts ninety days (behaviour SGN-60). */
const lifetime = 7_776_000_000
const grantTypesKnown: readonly string[] = ['authorization_code', 'refresh_token']

/** Programs that an address may register within a minute, on this node. */
const registeredMost = 20
const registeredOf = perObject((_house: Directory) => new Failures(60_000, 10_000))

/** CreateOAuth2PublicClient: a program registers itself (behaviours SGN-60 to SGN-63). */
export const registration = family<Signin.Operations>()({
  CreateOAuth2PublicClient: {
    readOnly: false,
    unrecorded: true,
    // it belongs to no account: the first one keeps it
    accounts: (_input, { deps }) => [deps.firstAccount],
    requests: () => [],
    run(input, { account, deps, now, origin }) {
      const { redirectUris, grantTypes = grantTypesKnown, responseTypes = ['code'] } = input
      for (const redirect of redirectUris) {
        if (!isAllowedRedirect(redirect))
          throw refused(
            'invalid_redirect_uri',
            `The redirection URI ${redirect} is not allowed by this server.`,
          )
      }
      if (!grantTypes.every((type) => grantTypesKnown.includes(type)) || !grantTypes.includes(codeGrant))
        throw refused(
          'invalid_client_metadata',
          'grant_types must be authorization_code, or refresh_token beside it.',
        )
      if (!responseTypes.every((type) => type === 'code'))
        throw refused('invalid_client_metadata', 'response_types must be code.')
      if ((input.tokenEndpointAuthMethod ?? 'none') !== 'none')
        throw refused('invalid_client_metadata', 'token_endpoint_auth_method must be none.')
      const registeredByAddress = registeredOf(deps.directory)
      if (registeredByAddress.of(origin.sourceIp, now) >= registeredMost)
        throw oauthFault('TooManyRequestsError', 'server_error', 'Too many registrations from this address.')
      registeredByAddress.add(origin.sourceIp, now)
      const client: PublicClient = {
        id: uuid(deps.random),
        redirectHashes: redirectUris.map(redirectHash),
        grantTypes,
        registeredAt: now,
        until: now + lifetime,
      }
      keep(client, account, now)
      const { partition } = account
      return {
        clientId: `arn:${partition}:signin:${factsOf(partition).globalRegion}::external-client/dcr/${client.id}`,
        clientIdIssuedAt: Math.floor(now / 1000),
        redirectUris,
        grantTypes,
        responseTypes,
        tokenEndpointAuthMethod: 'none',
      }
    },
  },
})

const codeGrant = 'authorization_code'

/**
 * Keeps a registration. Where the table is full, the oldest that no person has allowed anything gives way: its program
 * registers again. @throws Fault
 */
function keep(client: PublicClient, account: Account, now: number): void {
  const table = account.table(publicClients)
  try {
    makeRoom(table, most.clients, now, ({ id, until }) => ({ key: id, until }))
  } catch (error) {
    if (!(error instanceof Full)) throw error
    const oldest = table
      .values()
      .filter(({ allowedAt }) => allowedAt === undefined)
      .reduce<PublicClient | undefined>(
        (first, each) => (first === undefined || each.registeredAt < first.registeredAt ? each : first),
        undefined,
      )
    if (oldest === undefined)
      throw oauthFault('TooManyRequestsError', 'server_error', 'Too many programs are registered.')
    table.delete(oldest.id)
  }
  table.put(client)
}

/** Returns the program of a client id; undefined if it is not registered, or no longer. */
export function publicClient(clientId: string, account: Account, now: number): PublicClient | undefined {
  const id = externalId(clientId)
  const client = id === undefined ? undefined : account.table(publicClients).find(id)
  return client !== undefined && now < client.until ? client : undefined
}

/** Notes that a person allowed a program something. @throws Fault if it is no longer registered */
export function noteAllowed(clientId: string, call: Call): PublicClient {
  const firstAccount = otherAccount(call, call.deps.firstAccount)
  const client = firstAccount && publicClient(clientId, firstAccount, call.now)
  if (firstAccount === undefined || client === undefined)
    throw oauthFault('ValidationException', 'INVALID_REQUEST', 'The client is not registered.')
  if (client.allowedAt === undefined)
    firstAccount.table(publicClients).put({ ...client, allowedAt: call.now })
  return client
}

/** A refused registration (RFC 7591, 3.2.2). */
function refused(error: 'invalid_redirect_uri' | 'invalid_client_metadata', description: string): Fault {
  return fault('ValidationException', description, 400, { error, errorDescription: description })
}
