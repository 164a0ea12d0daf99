import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId } from '../base/index.ts'
import type { StoredUse } from '../store/index.ts'
import { Account, noContent } from './account.ts'
import { DepartedUses } from './departed-uses.ts'
import { users } from './records.ts'

const id = '111111111111' as AccountId
const open = () => new Account({ id }, noContent, () => {})

test('an account that leaves the memory twice before its last uses are stored loses none of them', async () => {
  const departed = new DepartedUses()
  const account = open()
  account.usage.note('one', 'iam', 'us-east-1', 1)
  departed.take(account)
  account.usage.note('two', 'sts', 'us-east-1', 2)
  departed.take(account)
  const kept: StoredUse[] = []
  await departed.keep({ keepUses: async (uses: readonly StoredUse[]) => void kept.push(...uses) } as never)
  assert.deepEqual(kept.map((use) => use.id).toSorted(), ['one', 'two'])
})

test('two objects of one account have no revision of policies in common, nor a version of a table', () => {
  const [one, other] = [open(), open()]
  assert.notEqual(one.policyRevision, other.policyRevision)
  assert.notEqual(one.table(users).version, other.table(users).version)
})
