import type { Dependencies, Origin } from '../../authorization/index.ts'
import { type AccountId, factsOf, type HttpRequest, uuid } from '../../base/index.ts'
import type { Account, User } from '../../directory/index.ts'
import { eventUsername, rootArn, type SignedCaller, signInIdentity } from '../../session/index.ts'
import type { StoredEvent } from '../../store/index.ts'
import { makeEvent, tlsDetailsOf } from '../../trail/index.ts'

/** The events of the sign-in (behaviours SGN-10 to SGN-16). */
export interface SignInFacts {
  readonly name: 'ConsoleLogin' | 'SwitchRole' | 'ExitRole' | 'RenewRole'
  readonly result: 'Success' | 'Failure'
  readonly account: AccountId
  readonly identity: Readonly<Record<string, unknown>>
  readonly username: string | undefined
  readonly errorMessage?: string
  readonly additional: Readonly<Record<string, unknown>>
}

/** An event of the sign-in, which has neither a request id nor an error code. */
export function signInEvent(facts: SignInFacts, request: HttpRequest, deps: Dependencies): StoredEvent {
  const { name, result, account, identity, username, errorMessage, additional } = facts
  const { tls, headers } = request
  return makeEvent({
    account,
    id: uuid(deps.random),
    time: deps.clock.now(),
    identity,
    username,
    source: 'signin.amazonaws.com',
    name,
    region: factsOf(deps.partition).globalRegion,
    sourceIp: request.remoteAddress,
    userAgent: headers['user-agent'] ?? '',
    ...(errorMessage !== undefined && { error: { code: undefined, message: errorMessage } }),
    requestParameters: null,
    responseElements: { [name]: result },
    additionalEventData: additional,
    requestId: undefined,
    readOnly: false,
    type: 'AwsConsoleSignIn',
    tlsDetails: tlsDetailsOf({ tls, host: headers.host ?? '' }),
  })
}

/** A successful sign-in. */
export function identityOf(caller: SignedCaller): Pick<SignInFacts, 'account' | 'identity' | 'username'> {
  return { account: caller.account, identity: signInIdentity(caller), username: eventUsername(caller) }
}

/** A failed sign-in; an unknown user's name is not written (behaviour SGN-11). */
export function refusedIdentity(
  account: Account,
  who: User | 'root' | undefined,
): Pick<SignInFacts, 'account' | 'identity' | 'username'> {
  const { id } = account
  if (who === 'root') {
    const arn = rootArn(account)
    return {
      account: id,
      username: 'root',
      identity: { type: 'Root', principalId: id, arn, accountId: id, accessKeyId: '' },
    }
  }
  const userName = who?.name ?? 'HIDDEN_DUE_TO_SECURITY_REASONS'
  return {
    account: id,
    username: userName,
    identity: {
      type: 'IAMUser',
      ...(who !== undefined && { principalId: who.id }),
      accountId: id,
      accessKeyId: '',
      userName,
    },
  }
}

/** The origin of calls that the sign-in makes on a user's behalf. */
export function originOf(request: HttpRequest, signIn: string | undefined): Origin {
  return {
    sourceIp: request.remoteAddress,
    userAgent: 'AWS Signin',
    host: request.headers.host ?? '',
    secure: request.secure,
    ...(signIn !== undefined && { signIn }),
  }
}
