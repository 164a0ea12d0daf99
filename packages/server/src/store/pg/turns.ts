import type { AccountId } from '../../base/index.ts'
import type { Held, Lineage } from '../account-types.ts'
import type { Commit, CommitOutcome } from '../types.ts'
import type { Transactions } from './transaction.ts'

/** Transactions in which an account is this node's alone. One runs at a time. */
export class Turns {
  readonly #transactions: Transactions
  #last: Promise<unknown> = Promise.resolve()

  constructor(transactions: Transactions) {
    this.#transactions = transactions
  }

  /** Runs `work` while the account's row is locked, and stores its commits. */
  run(
    account: AccountId,
    work: (held: Held) => Promise<readonly Commit[]>,
  ): Promise<readonly CommitOutcome[]> {
    const turn = this.#last.then(() =>
      this.#transactions.run(async (link) => {
        const [row] = await link.query<{ lineage: string }>(lockAccount, [account])
        return work({ account, lineage: row?.lineage as Lineage | undefined }) // a uuid was put in
      }),
    )
    this.#last = turn.catch(() => {})
    return turn
  }

  /** Resolves when the turns that were asked for before are over. */
  async settled(): Promise<void> {
    await this.#last
  }
}

const lockAccount = {
  name: 'lock-account',
  text: 'SELECT lineage::text FROM omen.accounts WHERE id = $1::bigint FOR UPDATE',
}
