import type { Dependencies, Origin } from '../../authorization/index.ts'
import { type AccountId, factsOf, uuid } from '../../base/index.ts'
import type { PortalWho } from '../../center/index.ts'
import { type Account, centerOf, centerUsers } from '../../directory/index.ts'
import { endGrant, type Grant, grants, openGrant } from '../../grants/index.ts'
import { callerOf, type SignedCaller, type UnkeyedClaims, userIdentity } from '../../session/index.ts'
import { makeEvent } from '../../trail/index.ts'

/** A login of a program that has not ended: of `aws login`, of `aws sso login`, of the portal, or of an agent. */
export interface LiveLogin {
  readonly id: string
  readonly kind: Grant['kind']
  /** The ARN of whom the program acts as, or the name of a user of the directory. */
  readonly who: string
  /** The program, as far as it said its name. */
  readonly program: string
  readonly beganAt: string
  readonly endsAt: string
  /** The number of renewals. */
  readonly renewals: number
}

/** The most logins in one answer, newest first. */
const most = 500

/** Returns the logins of an account (behaviour AGT-6). */
export async function liveLogins(id: AccountId, deps: Dependencies): Promise<readonly LiveLogin[]> {
  const account = await deps.directory.find(id)
  if (account === undefined) return []
  const people = centerOf(account) && (await deps.directory.findPeople(id))
  return [...account.table(grants).values()]
    .sort((a, b) => b.startedAt - a.startedAt)
    .slice(0, most)
    .flatMap((grant) => {
      const login = loginOf(grant, account, people, deps)
      return login === undefined ? [] : [login]
    })
}

/**
 * Ends a login: its next renewal is refused (behaviour AGT-7). Its event is that of a revoked refresh token. Returns whether
 * there was one.
 */
export async function endLogin(
  grant: string,
  id: AccountId,
  signer: SignedCaller,
  { sourceIp, userAgent }: Origin,
  deps: Dependencies,
): Promise<boolean> {
  return deps.directory.settle(async () => {
    const account = await deps.directory.find(id)
    const record = account?.table(grants).find(grant)
    if (account === undefined || openGrant(record, deps) === undefined) return false
    endGrant(grant, account)
    const event = makeEvent({
      account: account.id,
      id: uuid(deps.random),
      time: deps.clock.now(),
      identity: userIdentity(signer),
      username: undefined,
      source: 'signin.amazonaws.com',
      name: 'RevokeOAuth2TokenWithIAM',
      region: factsOf(deps.partition).globalRegion,
      sourceIp,
      userAgent,
      requestParameters: { token: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      responseElements: null,
      requestId: uuid(deps.random),
      readOnly: false,
      type: 'AwsApiCall',
    })
    await deps.directory.commit([event])
    return true
  })
}

/** Whose a grant is, as each kind keeps it. */
interface LoginWho extends Partial<PortalWho> {
  readonly claims?: UnkeyedClaims
  readonly agent?: { readonly resource: string }
}

function loginOf(
  grant: Grant,
  account: Account,
  people: Account | undefined,
  deps: Dependencies,
): LiveLogin | undefined {
  const open = openGrant<LoginWho>(grant, deps)
  if (open === undefined) return undefined
  const { claims, user, clientName, agent } = open.who
  const caller = claims && callerOf(account, { ...claims, accessKeyId: '', secretAccessKey: '' })
  const who = caller?.arn ?? people?.table(centerUsers).find(user ?? '')?.userName
  if (who === undefined) return undefined
  return {
    id: grant.id,
    kind: grant.kind,
    who,
    program: clientName ?? agent?.resource ?? grant.client.slice(grant.client.lastIndexOf('/') + 1),
    beganAt: new Date(grant.startedAt).toISOString(),
    endsAt: new Date(grant.endsAt).toISOString(),
    renewals: grant.turn,
  }
}
