import { benchLoop } from './graph-loop.ts'
import { benchAccounts } from './graph-size.ts'
import { benchWatch } from './graph-watch.ts'
import { benchWitness } from './witness.ts'

/** Who can become whom: the search for one witness, the graph of large accounts, and the watch. */
export async function bench(): Promise<void> {
  // first: what the others leave behind is collected in the main thread
  await benchLoop()
  await benchWitness()
  await benchAccounts()
  await benchWatch()
}
