import { benchAccounts } from './graph-size.ts'
import { benchWitness } from './witness.ts'

/** Who can become whom: the search for one witness, and the graph of large accounts. */
export async function bench(): Promise<void> {
  await benchWitness()
  await benchAccounts()
}
