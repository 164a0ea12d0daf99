import { family } from '../../authorization/index.ts'
import { atPortal, byBearer, lentTo, pageOf } from '../../center/index.ts'
import { organizationAccounts } from '../../directory/index.ts'
import { endGrant } from '../../grants/index.ts'
import type { Sso } from '../../model/index.ts'
import { ssoEvent } from './events.ts'

/** An operation with a bearer token: the token is the permission. */
export function byAccessToken<Input extends { readonly accessToken: string }>(
  detailsOf: (input: Input) => object | undefined,
) {
  return byBearer<Input>({
    tokenOf: ({ accessToken }) => accessToken,
    personAt: atPortal,
    eventOf: (call, caller, output, input) => ssoEvent(call, caller, output !== undefined, detailsOf(input)),
  })
}

/** Lists of accounts and permission sets, and the end of the portal's session. */
export const portal = family<Sso.Operations>()({
  ListAccounts: {
    ...byAccessToken<Sso.ListAccountsRequest>(() => undefined),
    run(input, call) {
      const { user, place } = atPortal(input.accessToken, call)
      const ids = new Set(lentTo(user, place).map(({ account }) => account))
      const accountTable = place.owner.table(organizationAccounts)
      const accounts = [...ids].map((id) => accountTable.find(id)).filter((each) => each !== undefined)
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
    ...byAccessToken<Sso.ListAccountRolesRequest>(({ accountId }) => ({ account_id: accountId })),
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
    ...byAccessToken<Sso.LogoutRequest>(() => undefined),
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
