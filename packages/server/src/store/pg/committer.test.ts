import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { parseAccountId } from '../../base/index.ts'
import { newLineage } from '../lineage.ts'
import { Committer } from './committer.ts'
import type { Link } from './link.ts'
import { EventStream } from './stream.ts'
import type { Turns } from './turns.ts'

const account = parseAccountId('111111111111')!

/** A writer whose connection answers when the test has it answer. */
function writer() {
  const sent: { readonly commits: number; readonly answer: () => void }[] = []
  const link: Pick<Link, 'life' | 'query'> = {
    life: 1,
    query: (_, values) =>
      new Promise((resolve) => {
        const steps = values![4] as Buffer // the accounts of the steps: an array, whose length is its fourth number
        sent.push({ commits: steps.readInt32BE(12), answer: () => resolve([]) })
      }),
  }
  const turns: Pick<Turns, 'held'> = { held: [] }
  const committer = new Committer(link as Link, new EventStream('node'), turns as Turns, {})
  let base = newLineage()
  /** Hands commits over, each based on the one before, and lets what follows happen. */
  const hand = async (count: number) => {
    for (let left = count; left > 0; left--) {
      const next = newLineage()
      void committer.commit({ accounts: [{ account, base, next, changes: [] }], events: [] }, 1)
      base = next
    }
    await setImmediate()
    await setImmediate()
    return sent.map(({ commits }) => commits)
  }
  return { committer, sent, hand }
}

test('a second batch is sent when as many commits wait as the first has, and a third when one is answered', async () => {
  const { committer, sent, hand } = writer()
  assert.deepEqual(await hand(3), [3])
  assert.deepEqual(await hand(2), [3])
  assert.deepEqual(await hand(1), [3, 3])
  assert.deepEqual(await hand(9), [3, 3])
  sent[0]!.answer()
  assert.deepEqual(await hand(0), [3, 3, 9])
  assert.deepEqual(await hand(2), [3, 3, 9])
  sent[1]!.answer()
  assert.deepEqual(await hand(0), [3, 3, 9])
  sent[2]!.answer()
  assert.deepEqual(await hand(0), [3, 3, 9, 2])
  sent[3]!.answer()
  await committer.settled()
})

test('a large batch on its way does not hold up another large one', async () => {
  const { sent, hand } = writer()
  assert.deepEqual(await hand(1_000), [1_000])
  assert.deepEqual(await hand(127), [1_000])
  assert.deepEqual(await hand(1), [1_000, 128])
  for (const { answer } of sent) answer()
})
