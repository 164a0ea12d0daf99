import { type Call, family, otherAccount } from '../../authorization/index.ts'
import { assert, parseAccountId } from '../../base/index.ts'
import { accountAliases, settings } from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { alreadyExists, noSuchEntity, validationError } from './faults.ts'
import { page } from './page.ts'

/** The account's alias. An account has at most one; a new one replaces it. */
export const accountAliasFamily = family<Iam.Operations>()({
  CreateAccountAlias: {
    accounts: (_input, call) => [call.deps.firstAccount],
    run(input, call) {
      const { account } = call
      const registry = aliasesOfServer(call)
      const alias = input.AccountAlias
      // sign-in would take it for an account number (behaviour IAM-107)
      if (parseAccountId(alias) !== undefined) {
        throw validationError(
          'The specified value for accountAlias is invalid. It cannot be a 12 digit number.',
        )
      }
      if (registry.find(alias) !== undefined) {
        throw alreadyExists(`The account alias ${alias} already exists.`)
      }
      const before = account.settings.alias
      if (before !== undefined) registry.delete(before)
      registry.put({ alias, account: account.id })
      account.table(settings).put({ ...account.settings, alias })
    },
  },
  DeleteAccountAlias: {
    accounts: (_input, call) => [call.deps.firstAccount],
    run(input, call) {
      const { alias, ...rest } = call.account.settings
      if (alias === undefined || alias !== input.AccountAlias) {
        throw noSuchEntity(`The account alias with name ${input.AccountAlias} cannot be found.`)
      }
      aliasesOfServer(call).delete(alias)
      call.account.table(settings).put(rest)
    },
  },
  ListAccountAliases: {
    run(input, call) {
      const { alias } = call.account.settings
      const { items, rest } = page(alias === undefined ? [] : [alias], (each) => each, input)
      return { AccountAliases: items, ...rest }
    },
  },
})

function aliasesOfServer(call: Call) {
  const first = otherAccount(call, call.deps.firstAccount)
  assert(first !== undefined, 'the first account is gone')
  return first.table(accountAliases)
}
