import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseAccountId } from '../../packages/server/src/base/index.ts'
import { Account, contentsNow, groups, noContent } from '../../packages/server/src/directory/index.ts'

import { newLineage } from '../../packages/server/src/store/index.ts'

const id = parseAccountId('123456789012')!
const group = { id: 'AGPA1', name: 'g', path: '/', createdAt: 0, inline: {}, attached: [] }

describe('an account', () => {
  test('gives what was gathered before a roll-back no second life', () => {
    const account = new Account({ id }, noContent, () => {})
    const before = account.policyRevision
    account.table(groups).put(group)
    account.rollBack()
    assert.deepEqual([...account.table(groups).values()], [])
    assert.notEqual(account.policyRevision, before)
  })

  test('keeps what was gathered where nothing that bears policies was touched', () => {
    const account = new Account({ id }, noContent, () => {})
    const before = account.policyRevision
    account.rollBack()
    assert.deepEqual(account.begin(newLineage()).changes.changes, [])
    assert.equal(account.policyRevision, before)
  })

  test('changes the number of all contents as it is loaded, and with each change, also one that is undone or comes from another node', () => {
    let before = contentsNow()
    const isOther = () => {
      const known = before
      before = contentsNow()
      return before !== known
    }
    const account = new Account({ id }, noContent, () => {})
    assert.ok(isOther())
    account.table(groups).put(group)
    assert.ok(isOther())
    account.table(groups).put({ ...group, name: 'h' })
    assert.ok(isOther())
    account.rollBack()
    assert.ok(isOther())
    account.table(groups).put(group)
    const { inFlight } = account.begin(newLineage())
    isOther()
    account.settle(inFlight)
    assert.ok(!isOther())
    account.table(groups).put({ ...group, name: 'i' })
    const refused = account.begin(newLineage())
    isOther()
    account.undo(refused.inFlight)
    assert.ok(isOther())
    account.take({ revision: 9, lineage: newLineage(), changes: [] })
    assert.ok(isOther())
    account.retire()
    assert.ok(isOther())
  })
})
