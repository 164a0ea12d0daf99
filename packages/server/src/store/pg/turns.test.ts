import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountId } from '../../base/index.ts'
import { StoreUnavailable } from '../types.ts'
import type { Link } from './link.ts'
import { Turns } from './turns.ts'

test('turns that cannot be had because PostgreSQL is away are refused, and none waits for ever', async () => {
  const lost = { isOpen: false, query: () => Promise.reject(new StoreUnavailable('away')) } as unknown as Link
  let attempts = 0
  // the first attempt to connect takes longest
  const turns = new Turns(lost, async () => {
    await sleep(attempts++ === 0 ? 60 : 10)
    throw new Error('connection refused')
  })
  const accounts = ['111111111111', '222222222222', '333333333333'] as AccountId[]
  const asked = accounts.map((account) => turns.run(account, async () => 'turn'))
  for (const each of await Promise.allSettled(asked)) assert.equal(each.status, 'rejected')
  await turns.settled()
})
