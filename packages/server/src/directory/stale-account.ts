import type { AccountId } from '../base/index.ts'

/** Another node changed an account between reading and storing: the call runs again on fresh state. */
export class StaleAccount extends Error {
  override readonly name = 'StaleAccount'
  /** The account that another node changed. */
  readonly account: AccountId | undefined
  /** Whether the call was about to change the account itself. */
  readonly isContended: boolean

  constructor(account: AccountId | undefined, isContended = false) {
    super(account === undefined ? 'the lease has passed to another holder' : `account ${account} has changed`)
    this.account = account
    this.isContended = isContended
  }
}
