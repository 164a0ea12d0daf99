import { benchWitness } from './witness.ts'

/** Who can become whom: the search for one witness, and what is built on it. */
export async function bench(): Promise<void> {
  await benchWitness()
}
