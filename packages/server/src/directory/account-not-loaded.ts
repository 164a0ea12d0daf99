import type { AccountId } from '../base/index.ts'

/** A decision needs an account that is not in memory: the account must be loaded and the decision repeated. */
export class AccountNotLoaded extends Error {
  override readonly name = 'AccountNotLoaded'
  readonly account: AccountId

  constructor(account: AccountId) {
    super(`account ${account} is not loaded`)
    this.account = account
  }
}
