import { type Call, family } from '../../authorization/index.ts'
import { type AccountId, peopleBeside } from '../../base/index.ts'
import { atPortal, centerCaller, lentTo, ownerInToken, pageOf } from '../../center/index.ts'
import { organizationAccounts } from '../../directory/index.ts'
import { endGrant } from '../../grants/index.ts'
import type { Sso } from '../../model/index.ts'
import type { CenterCaller } from '../../session/index.ts'
import { ssoEvent } from './events.ts'

/** An operation with a bearer token: the token is the permission. */
export function byBearer<Input extends { readonly accessToken: string }>(
  detailsOf: (input: Input) => object | undefined,
) {
  return {
    accounts: ({ accessToken }: Input): readonly AccountId[] => {
      const owner = ownerInToken(accessToken)
      return owner === undefined ? [] : [owner, peopleBeside(owner)]
    },
    identify: async ({ accessToken }: Input, call: Call): Promise<CenterCaller> => {
      const person = atPortal(accessToken, call)
      return centerCaller(person, person.open.grant.id)
    },
    requests: () => [],
    event: (input: Input, output: unknown, call: Call) => ({
      unrecorded: true as const,
      further:
        call.caller.kind === 'center'
          ? [ssoEvent(call, call.caller, output !== undefined, detailsOf(input))]
          : [],
    }),
  }
}

/** Lists of accounts and permission sets, and the end of the portal's session. */
export const portal = family<Sso.Operations>()({
  ListAccounts: {
    ...byBearer<Sso.ListAccountsRequest>(() => undefined),
    run(input, call) {
      const { user, place } = atPortal(input.accessToken, call)
      const ids = new Set(lentTo(user, place).map(({ account }) => account))
      const known = place.owner.table(organizationAccounts)
      const accounts = [...ids].map((id) => known.find(id)).filter((each) => each !== undefined)
      const { items, NextToken: nextToken } = pageOf(accounts, ({ id }) => id, pagedBy(input))
      return {
        nextToken,
        accountList: items.map(({ id, name, email }) => ({
          accountId: id,
          accountName: name,
          emailAddress: email,
        })),
      }
    },
  },
  ListAccountRoles: {
    ...byBearer<Sso.ListAccountRolesRequest>(({ accountId }) => ({ account_id: accountId })),
    run(input, call) {
      const { user, place } = atPortal(input.accessToken, call)
      const lent = lentTo(user, place).filter(({ account }) => account === input.accountId)
      const { items, NextToken: nextToken } = pageOf(lent, ({ set }) => set.name, pagedBy(input))
      return {
        nextToken,
        roleList: items.map(({ set, account }) => ({ roleName: set.name, accountId: account })),
      }
    },
  },
  Logout: {
    ...byBearer<Sso.LogoutRequest>(() => undefined),
    readOnly: false,
    run(input, call) {
      const { open, place } = atPortal(input.accessToken, call)
      endGrant(open.grant.id, place.owner)
    },
  },
})

function pagedBy({
  maxResults,
  nextToken,
}: {
  readonly maxResults?: number | undefined
  readonly nextToken?: string | undefined
}) {
  return { MaxResults: maxResults, NextToken: nextToken }
}
