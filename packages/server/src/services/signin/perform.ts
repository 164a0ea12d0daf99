import type { Origin } from '../../authorization/index.ts'
import type { Account } from '../../directory/index.ts'
import type { AnonymousCaller, SignedCaller } from '../../session/index.ts'

/** The operations that the portal's page calls with the token of a person. */
type PortalOperation = 'ListAccounts' | 'ListAccountRoles' | 'ListRoles' | 'GetRoleCredentials' | 'Logout'

/** An operation of another API that the sign-in performs on a user's behalf. */
export interface Performed {
  readonly service: 'sts' | 'iam' | 'signin' | 'sso' | 'account-access-runtime'
  readonly operation: 'AssumeRole' | 'ChangePassword' | 'AuthorizeOAuth2Access' | PortalOperation
  readonly input: Readonly<Record<string, unknown>>
  readonly caller: SignedCaller | AnonymousCaller
  readonly account: Account
  readonly origin: Origin
}

/** Performs it by the same steps as if the caller had sent it; the gate provides the function. @throws Fault */
export type Perform = (performed: Performed) => Promise<unknown>
